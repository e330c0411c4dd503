package selvedge.server.api.shared;

import java.io.IOException;

/** A body that is longer than its limit. */
public final class TooLongException extends IOException {
  private final long length;

  TooLongException(long length, long most) {
    super("Body length of " + length + " exceeds limit of " + most + ".");
    this.length = length;
  }

  public long length() {
    return length;
  }
}
