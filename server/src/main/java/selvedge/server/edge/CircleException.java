package selvedge.server.edge;

import java.io.IOException;

/** The server that is followed follows this one. */
public final class CircleException extends IOException {
  private static final long serialVersionUID = 1;

  CircleException(String message) {
    super(message);
  }
}
