package selvedge.model;

/** Thrown when bytes on disk are not those that were written; the message names the file. */
public final class StoreDamagedException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public StoreDamagedException(String message) {
    super(Remedy.OPERATOR, message);
  }

  /**
   * Creates the exception with a cause.
   *
   * @param message what is wrong, and what an operator can do
   * @param cause the cause
   */
  public StoreDamagedException(String message, Throwable cause) {
    super(Remedy.OPERATOR, message, cause);
  }
}
