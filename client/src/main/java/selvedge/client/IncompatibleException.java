package selvedge.client;

import selvedge.model.SelvedgeException;

/**
 * Thrown when a server lacks a function that this client requires, or answers in a form that this
 * client does not know. One of them is of another release.
 */
public final class IncompatibleException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what the server lacks, or which answer has an unknown form
   */
  public IncompatibleException(String message) {
    super(Remedy.OPERATOR, message);
  }
}
