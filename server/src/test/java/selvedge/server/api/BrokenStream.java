package selvedge.server.api;

import java.io.IOException;

/** The body of a client that disconnects while it sends it. */
public final class BrokenStream extends BlockInputStream {
  private final Zeros before;

  public BrokenStream(long count) {
    this.before = new Zeros(count);
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
