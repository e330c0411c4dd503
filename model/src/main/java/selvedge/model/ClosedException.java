package selvedge.model;

/** Thrown by a namespace or a watch whose store or client was closed. */
public final class ClosedException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public ClosedException(String message) {
    super(Remedy.CALLER, message);
  }
}
