package selvedge.server.api;

import java.io.IOException;
import java.io.InputStream;

/** A client that goes away in the middle of its body. */
public final class BrokenStream extends InputStream {
  private final Zeros before;

  public BrokenStream(long count) {
    this.before = new Zeros(count);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = before.read(target, offset, length);
    if (count < 0) {
      throw new IOException("the client closed the connection");
    }
    return count;
  }
}
