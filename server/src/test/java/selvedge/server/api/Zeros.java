package selvedge.server.api;

import java.io.InputStream;
import java.util.Arrays;

/** A stream of zero bytes. */
public final class Zeros extends InputStream {
  private long left;

  public Zeros(long count) {
    this.left = count;
  }

  @Override
  public int read() {
    if (left == 0) {
      return -1;
    }
    left--;
    return 0;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int count = (int) Math.min(left, length);
    Arrays.fill(target, offset, offset + count, (byte) 0);
    left -= count;
    return count;
  }
}
