package selvedge.model;

/** Thrown by a write when the disk has no room; reads continue. */
public final class StorageFullException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public StorageFullException(String message) {
    super(Remedy.OPERATOR, message);
  }

  /**
   * Creates the exception with a cause.
   *
   * @param message what is wrong, and what an operator can do
   * @param cause the cause
   */
  public StorageFullException(String message, Throwable cause) {
    super(Remedy.OPERATOR, message, cause);
  }
}
