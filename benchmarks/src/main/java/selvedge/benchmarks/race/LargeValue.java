package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A value of 25 MiB that nothing compresses: a block of chance again and again. The block's size
 * divides that of no chunk, so chunks that are swapped or missing show in the checksum. Immutable.
 */
final class LargeValue {
  static final int BYTES = 25 << 20;
  private static final int BLOCK_BYTES = 65_521;

  private final byte[] block = new byte[BLOCK_BYTES];
  private final long checksum;

  LargeValue(long seed) {
    new SplittableRandom(seed).nextBytes(block);
    var crc = new CRC32C();
    for (int at = 0; at < BYTES; at += BLOCK_BYTES) {
      crc.update(block, 0, Math.min(BLOCK_BYTES, BYTES - at));
    }
    this.checksum = crc.getValue();
  }

  /** CRC-32C of all of it. */
  long checksum() {
    return checksum;
  }

  void writeTo(OutputStream out) throws IOException {
    for (int at = 0; at < BYTES; at += BLOCK_BYTES) {
      out.write(block, 0, Math.min(BLOCK_BYTES, BYTES - at));
    }
  }

  byte[] toArray() {
    byte[] all = new byte[BYTES];
    for (int at = 0; at < BYTES; at += BLOCK_BYTES) {
      System.arraycopy(block, 0, all, at, Math.min(BLOCK_BYTES, BYTES - at));
    }
    return all;
  }
}
