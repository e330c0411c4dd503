package selvedge.client;

import selvedge.model.SelvedgeException;

/**
 * Thrown when a server refuses a request for a reason that has no exception of its own in the
 * model. The message is that of the server.
 */
public final class RefusedException extends SelvedgeException {
  /** The HTTP status of the answer. */
  private final int status;

  /**
   * Creates the exception.
   *
   * @param status the HTTP status
   * @param message the reason
   */
  public RefusedException(int status, String message) {
    super(status >= 500 ? Remedy.TIME : Remedy.CALLER, message);
    this.status = status;
  }

  /**
   * Returns the HTTP status of the answer.
   *
   * @return the status, from 400
   */
  public int status() {
    return status;
  }
}
