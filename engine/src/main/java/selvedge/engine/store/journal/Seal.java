package selvedge.engine.store.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import selvedge.engine.files.CheckedFile;
import selvedge.model.StoreDamagedException;

/**
 * A list of the files of a closed store, which reveals damage that RocksDB would overlook.
 *
 * <p>RocksDB treats a damaged end of its manifest as the trace of a crash, and drops it together
 * with tables. The seal has a checksum of each file that lists tables. Tables have checksums of
 * their own, so the seal has only their sizes.
 */
public final class Seal {
  private static final String NAME = "seal";

  private final Path store;
  private final List<Path> directories;
  private final CheckedFile file;

  /**
   * @param directories of the store, whose files are listed
   */
  public Seal(Path store, List<Path> directories) {
    this.store = store;
    this.directories = directories;
    this.file = new CheckedFile(store.resolve(NAME));
  }

  public void set() {
    var lines = new StringBuilder();
    for (Path each : files()) {
      lines.append(line(each)).append('\n');
    }
    file.write(lines.toString());
  }

  /** Returns whether there is a seal. There is none while the store is open, or after a crash. */
  public boolean isSet() {
    return Files.exists(store.resolve(NAME));
  }

  /**
   * Compares the files with the seal, and returns whether there is one.
   *
   * @throws StoreDamagedException if a file is not what it was when the store was closed
   */
  public boolean verify() {
    Optional<String> sealed = file.read();
    if (sealed.isEmpty()) {
      return false;
    }
    for (String line : sealed.get().lines().toList()) {
      String name = line.substring(line.lastIndexOf(' ') + 1);
      Path each = store.resolve(name);
      if (!Files.exists(each)) {
        throw new StoreDamagedException(each + " is missing");
      }
      if (!line(each).equals(line)) {
        throw new StoreDamagedException(each + " is not what was written");
      }
    }
    return true;
  }

  public void breakOpen() {
    file.delete();
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path directory : directories) {
      try (Stream<Path> each = Files.list(directory)) {
        each.filter(Seal::matters).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + directory, e);
      }
    }
    return files;
  }

  private static boolean matters(Path each) {
    return isDirectory(each) || isTable(each);
  }

  private static boolean isDirectory(Path each) {
    String name = each.getFileName().toString();
    return name.equals("CURRENT") || name.startsWith("MANIFEST-") || name.endsWith(".log");
  }

  private static boolean isTable(Path each) {
    String name = each.getFileName().toString();
    return name.endsWith(".sst") || name.endsWith(".blob") || name.endsWith(JournalFile.SUFFIX);
  }

  private String line(Path each) {
    try {
      String sum = isDirectory(each) ? checksum(each) : "-";
      return Files.size(each) + " " + sum + " " + store.relativize(each);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + each, e);
    }
  }

  private static String checksum(Path each) throws IOException {
    var crc = new CRC32C();
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(each)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        crc.update(buffer, 0, n);
      }
    }
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
