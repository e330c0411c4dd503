package selvedge.server.edge;

import java.io.IOException;

/** The origin cannot be reached. The request was not sent. */
final class UnreachableException extends IOException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message) {
    super(message);
  }

  UnreachableException(String message, IOException cause) {
    super(message, cause);
  }
}
