package selvedge.engine.namespace;

import selvedge.model.SelvedgeException;

/** Thrown when a write may have been made or not. The caller must read before it repeats it. */
public final class OutcomeUnknownException extends SelvedgeException {

  /**
   * Creates the exception.
   *
   * @param message why the outcome is unknown
   */
  public OutcomeUnknownException(String message) {
    super(Remedy.CALLER, message);
  }
}
