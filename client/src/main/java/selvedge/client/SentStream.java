package selvedge.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stream that can be sent once. Its failure is reported to the caller as it is. */
final class SentStream extends FilterInputStream {
  private volatile boolean begun;
  private volatile @Nullable IOException failure;

  SentStream(InputStream in) {
    super(in);
  }

  InputStream begin() {
    begun = true;
    return this;
  }

  boolean isUnread() {
    return !begun;
  }

  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      return in.read(target, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
