package selvedge.server.api;

import java.io.IOException;

/** A client that goes away in the middle of its body. */
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
