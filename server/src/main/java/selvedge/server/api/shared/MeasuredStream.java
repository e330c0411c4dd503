package selvedge.server.api.shared;

import java.io.IOException;
import java.io.InputStream;
import selvedge.server.api.BlockInputStream;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;

/**
 * A body with a maximum length. Belongs to one thread.
 *
 * <p>A longer body is read to its end, or to several times the limit. So the refusal can name its
 * length, and the connection can be used again.
 */
public final class MeasuredStream extends BlockInputStream {
  private static final int PATIENCE = 4;

  private final InputStream in;
  private final long most;
  private long length;

  private MeasuredStream(InputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  /** Returns a stream whose reads throw {@link TooLongException} beyond the limit. */
  public static MeasuredStream of(InputStream in, long most) {
    return new MeasuredStream(in, most);
  }

  /**
   * Returns the body of a request. If its announced length is over the limit, it is refused at
   * once, and a client that waits for permission is not asked to send it.
   */
  public static MeasuredStream bodyOf(Request request, long most) throws IOException {
    var measured = new MeasuredStream(request.body(), most);
    long announced = request.contentLength().orElse(0);
    if (announced > most) {
      if (request.header(HeaderNames.EXPECT).isEmpty()) {
        measured.readRest();
      }
      throw new TooLongException(announced, most);
    }
    return measured;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    int n = in.read(target, offset, count);
    if (n > 0) {
      length += n;
      if (length > most) {
        readRest();
        throw new TooLongException(length, most);
      }
    }
    return n;
  }

  private void readRest() throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = 0; n >= 0 && length < most * PATIENCE; n = in.read(buffer)) {
      length += n;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
