package selvedge.server.edge;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of known length. Belongs to one thread. */
final class BoundedBody extends FilterInputStream {
  private long left;

  BoundedBody(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(left, length));
    if (count < 0) {
      throw new EOFException("the origin breaks off " + left + " bytes early");
    }
    left -= count;
    return count;
  }

  /** The connection goes on. */
  @Override
  public void close() {}
}
