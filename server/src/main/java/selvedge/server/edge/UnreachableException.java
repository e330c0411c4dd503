package selvedge.server.edge;

import java.io.IOException;

/** There is no connection to the origin, so nothing was asked of it. */
final class UnreachableException extends IOException {
  private static final long serialVersionUID = 1;

  UnreachableException(String message, IOException cause) {
    super(message, cause);
  }
}
