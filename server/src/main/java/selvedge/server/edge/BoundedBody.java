package selvedge.server.edge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import selvedge.server.api.BlockInputStream;

/** A body of known length. Belongs to one thread. */
final class BoundedBody extends BlockInputStream {
  private final InputStream in;
  private long left;

  BoundedBody(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(target, offset, (int) Math.min(left, length));
    if (count < 0) {
      throw new EOFException(
          "the origin closed the connection " + left + " bytes before the end of the body");
    }
    left -= count;
    return count;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(left, in.available());
  }

  /** Leaves the connection open. */
  @Override
  public void close() {}
}
