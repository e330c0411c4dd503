package selvedge.client;

import selvedge.model.SelvedgeException;

/**
 * Thrown when a change was sent and not answered, or lost on its way through a server: it may have
 * been made. A program must read before it makes the change again.
 */
public final class UncertainException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message which server did not answer, and why
   * @param cause the failure of the connection, or the answer
   */
  public UncertainException(String message, Throwable cause) {
    super(Remedy.TIME, message, cause);
  }
}
