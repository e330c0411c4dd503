package selvedge.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.CRC32C;
import selvedge.model.StoreDamagedException;

/**
 * Looks through RocksDB's logs before RocksDB does, for the damage that it does not tell.
 *
 * <p>The file of a log that has done its service becomes that of a new one, and each record says by
 * a number whose it is. RocksDB takes a record with another number for the end of the log, which
 * one whose number is damaged is not. And a record with a number in a log without them, as the
 * manifest is, keeps its reader in a loop for ever.
 */
final class LogRecords {
  private static final int BLOCK_BYTES = 32 * 1024;
  private static final int TYPE_AT = 6;
  private static final int NUMBER_AT = 7;
  private static final int PLAIN_HEADER_BYTES = NUMBER_AT;
  private static final int HEADER_BYTES = NUMBER_AT + Integer.BYTES;
  private static final int CRC_MASK = 0xa282ead8;
  private static final Set<Integer> NUMBERED = Set.of(5, 6, 7, 8, 11, 131);

  private final Path log;
  private final int number;

  private LogRecords(Path log) {
    this.log = log;
    String name = log.getFileName().toString();
    this.number =
        name.matches("[0-9]{1,18}\\.log")
            ? (int) Long.parseLong(name.substring(0, name.indexOf('.')))
            : -1;
  }

  /** Throws {@link StoreDamagedException} for such a record; all else is RocksDB's to judge. */
  static void verify(Path database) {
    try (DirectoryStream<Path> logs =
        Files.newDirectoryStream(database, "{[0-9]*.log,MANIFEST-*}")) {
      for (Path log : logs) {
        new LogRecords(log).verify();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the logs in " + database, e);
    }
  }

  private void verify() throws IOException {
    byte[] array = new byte[BLOCK_BYTES];
    try (InputStream in = Files.newInputStream(log)) {
      boolean numbered = false;
      boolean goesOn = true;
      for (long start = 0; goesOn; start += BLOCK_BYTES) {
        int length = in.readNBytes(array, 0, BLOCK_BYTES);
        ByteBuffer block = ByteBuffer.wrap(array, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        if (start == 0) {
          numbered = number >= 0 && length >= HEADER_BYTES && isNumbered(block, 0);
        }
        if (numbered) {
          goesOn = verifyNumbers(block, start);
        } else {
          verifyTypes(block, start);
        }
        goesOn &= length == BLOCK_BYTES;
      }
    }
  }

  private static boolean isNumbered(ByteBuffer block, int at) {
    return NUMBERED.contains(block.get(at + TYPE_AT) & 0xff);
  }

  private static int size(ByteBuffer block, int at) {
    return block.getShort(at + Integer.BYTES) & 0xffff;
  }

  /** Records never reach from one block into the next. */
  private void verifyTypes(ByteBuffer block, long start) {
    for (int at = 0; at + PLAIN_HEADER_BYTES <= block.limit(); ) {
      if (isNumbered(block, at)) {
        throw damaged(start + at, "an impossible type");
      }
      at += PLAIN_HEADER_BYTES + size(block, at);
    }
  }

  /** Returns whether the log goes on beyond the block, as far as can be seen here. */
  private boolean verifyNumbers(ByteBuffer block, long start) {
    for (int at = 0; at + HEADER_BYTES <= block.limit(); ) {
      int end = at + HEADER_BYTES + size(block, at);
      if (end > block.limit() || !isNumbered(block, at)) {
        return false;
      }
      if (block.getInt(at + NUMBER_AT) != number) {
        block.putInt(at + NUMBER_AT, number);
        if (hasItsChecksum(block, at, end)) {
          throw damaged(start + at, "the number of another log");
        }
        return false;
      }
      at = end;
    }
    return true;
  }

  private static boolean hasItsChecksum(ByteBuffer block, int at, int end) {
    var crc = new CRC32C();
    crc.update(block.slice(at + TYPE_AT, end - at - TYPE_AT));
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK == block.getInt(at);
  }

  private StoreDamagedException damaged(long at, String reason) {
    return new StoreDamagedException(
        log + " is damaged: the record at byte " + at + " has " + reason);
  }
}
