package selvedge.model;

/** Thrown when an argument is not allowed: the same call fails again. */
public final class InvalidRequestException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public InvalidRequestException(String message) {
    super(Remedy.CALLER, message);
  }
}
