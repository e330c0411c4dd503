package selvedge.model;

/** Thrown when a store cannot be opened: it is in use, has another format, or is no store. */
public final class StoreUnusableException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public StoreUnusableException(String message) {
    super(Remedy.OPERATOR, message);
  }

  /**
   * Creates the exception with a cause.
   *
   * @param message what is wrong, and what an operator can do
   * @param cause the cause
   */
  public StoreUnusableException(String message, Throwable cause) {
    super(Remedy.OPERATOR, message, cause);
  }
}
