package selvedge.engine.replication;

import java.io.IOException;

/** The changes after a version cannot be had: only a snapshot leads further. */
public final class GoneException extends IOException {
  public GoneException(String message) {
    super(message);
  }
}
