package selvedge.model;

/** Thrown when something is larger, longer or more than its {@link Limit}. */
public final class LimitExceededException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public LimitExceededException(String message) {
    super(Remedy.CALLER, message);
  }
}
