package selvedge.server.api;

import java.io.IOException;

/** A body that violates the encoding of HTTP. */
public final class MalformedBodyException extends IOException {
  public MalformedBodyException(String message) {
    super(message);
  }
}
