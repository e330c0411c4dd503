package selvedge.server.api;

import java.io.IOException;

/** A body that is not encoded as HTTP requires. */
public final class MalformedBodyException extends IOException {
  public MalformedBodyException(String message) {
    super(message);
  }
}
