package selvedge.engine.replication;

import java.io.IOException;

/** The other server belongs to another cluster; the message names both. */
public final class ForeignException extends IOException {
  private static final long serialVersionUID = 1L;

  public ForeignException(String message) {
    super(message);
  }
}
