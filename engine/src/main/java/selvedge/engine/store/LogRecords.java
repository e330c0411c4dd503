package selvedge.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import selvedge.model.StoreDamagedException;

/**
 * Looks through RocksDB's logs before RocksDB does, for the one type of damage that it does not
 * tell: a record whose type says that its log was recycled keeps the reader of a log that was not
 * in a loop for ever. No log of ours is recycled.
 */
final class LogRecords {
  private static final int BLOCK_BYTES = 32 * 1024;
  private static final int HEADER_BYTES = 7;
  private static final Set<Integer> RECYCLED = Set.of(5, 6, 7, 8, 11, 131);

  private LogRecords() {}

  /** Throws {@link StoreDamagedException} for such a record; all else is RocksDB's to judge. */
  static void verify(Path database) {
    try (DirectoryStream<Path> logs =
        Files.newDirectoryStream(database, "{[0-9]*.log,MANIFEST-*}")) {
      for (Path log : logs) {
        verifyLog(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the logs in " + database, e);
    }
  }

  private static void verifyLog(Path log) throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    try (InputStream in = Files.newInputStream(log)) {
      long start = 0;
      for (int length = in.readNBytes(block, 0, BLOCK_BYTES);
          length > 0;
          length = in.readNBytes(block, 0, BLOCK_BYTES)) {
        verifyBlock(block, length, start, log);
        start += length;
      }
    }
  }

  /** Records never reach from one block into the next. */
  private static void verifyBlock(byte[] block, int length, long start, Path log) {
    int at = 0;
    while (at + HEADER_BYTES <= length) {
      int size = (block[at + 4] & 0xff) | ((block[at + 5] & 0xff) << 8);
      int type = block[at + 6] & 0xff;
      if (RECYCLED.contains(type)) {
        throw new StoreDamagedException(
            log + " is damaged: the record at byte " + (start + at) + " has an impossible type");
      }
      at += HEADER_BYTES + size;
    }
  }
}
