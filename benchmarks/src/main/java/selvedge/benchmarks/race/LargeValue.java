package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A value of 25 MiB that cannot be compressed: a repeated random block. The size of no chunk is a
 * multiple of the block size, so swapped or missing chunks change the checksum. Immutable.
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

  /** Returns the CRC-32C of the value. */
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
