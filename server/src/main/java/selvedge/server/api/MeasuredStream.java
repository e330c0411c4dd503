package selvedge.server.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that may have only so many bytes.
 *
 * <p>One that has more is read to its end, or to several times the limit, so that the refusal can
 * say how long it is and the connection can be used again.
 */
public final class MeasuredStream extends FilterInputStream {
  private static final int PATIENCE = 4;

  private final long most;
  private long length;

  public MeasuredStream(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  /** How many bytes came. */
  public long length() {
    return length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
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
    for (int n = in.read(buffer); n >= 0 && length < most * PATIENCE; n = in.read(buffer)) {
      length += n;
    }
  }
}
