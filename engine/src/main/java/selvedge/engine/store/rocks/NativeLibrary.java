package selvedge.engine.store.rocks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * RocksDB's native library.
 *
 * <p>RocksDB unpacks it into the temporary folder, and deletes it when the JVM exits. A killed
 * process would leave it there, so it is deleted as soon as it is loaded.
 */
final class NativeLibrary {
  /** The variable that names a folder with the unpacked library. */
  private static final String UNPACKED = "ROCKSDB_SHAREDLIB_DIR";

  private NativeLibrary() {}

  static void load() {
    if (System.getenv(UNPACKED) == null) {
      unpackAndLoad();
    }
    RocksDB.loadLibrary();
  }

  private static void unpackAndLoad() {
    try {
      Path folder = Files.createTempDirectory("selvedge-rocksdb");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack RocksDB's library", e);
    }
  }

  /** Windows does not delete a library in use; there it is deleted when the JVM exits. */
  private static void delete(Path folder) {
    File[] files = folder.toFile().listFiles();
    boolean deleted = true;
    for (File file : files == null ? new File[0] : files) {
      deleted &= file.delete();
    }
    if (!deleted || !folder.toFile().delete()) {
      folder.toFile().deleteOnExit();
    }
  }
}
