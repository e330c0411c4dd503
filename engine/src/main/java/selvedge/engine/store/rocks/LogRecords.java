package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import selvedge.model.StoreDamagedException;

/**
 * Checks the types of the records in RocksDB's logs before RocksDB reads them. Some types occur
 * only in recycled logs, which this store does not use. In a manifest they send RocksDB into an
 * endless loop.
 */
final class LogRecords {
  private static final int BLOCK_BYTES = 32 * 1024;
  private static final int TYPE_AT = 6;
  private static final int HEADER_BYTES = TYPE_AT + 1;
  private static final Set<Integer> IMPOSSIBLE = Set.of(5, 6, 7, 8, 11, 131);

  private LogRecords() {}

  /** Throws {@link StoreDamagedException} for such a record; RocksDB checks everything else. */
  static void verify(Path database) {
    try (DirectoryStream<Path> logs =
        Files.newDirectoryStream(database, "{[0-9]*.log,MANIFEST-*}")) {
      for (Path log : logs) {
        verifyTypes(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the logs in " + database, e);
    }
  }

  private static void verifyTypes(Path log) throws IOException {
    byte[] array = new byte[BLOCK_BYTES];
    try (InputStream in = Files.newInputStream(log)) {
      int length = in.readNBytes(array, 0, BLOCK_BYTES);
      boolean goesOn = length > 0;
      for (long start = 0; goesOn; start += BLOCK_BYTES) {
        ByteBuffer block = ByteBuffer.wrap(array, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        goesOn = verifyTypes(log, block, start);
        length = in.readNBytes(array, 0, BLOCK_BYTES);
        goesOn &= length > 0;
      }
    }
  }

  /**
   * Records never cross blocks. Returns whether the log continues. It ends at a hole: bytes after
   * it were not synced.
   */
  private static boolean verifyTypes(Path log, ByteBuffer block, long start) {
    for (int at = 0; at + HEADER_BYTES <= block.limit(); ) {
      int type = block.get(at + TYPE_AT) & 0xff;
      int size = block.getShort(at + Integer.BYTES) & 0xffff;
      if (type == 0 && size == 0) {
        return false;
      }
      if (IMPOSSIBLE.contains(type)) {
        throw new StoreDamagedException(
            log + " is damaged: the record at byte " + (start + at) + " has an impossible type");
      }
      at += HEADER_BYTES + size;
    }
    return true;
  }
}
