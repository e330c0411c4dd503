package selvedge.engine.replication;

import java.io.IOException;

/** The source no longer has the changes after a version: only a snapshot can continue. */
public final class GoneException extends IOException {
  public GoneException(String message) {
    super(message);
  }
}
