package selvedge.model;

/** Thrown when an answer would be older than the caller or the namespace allows. */
public final class StaleException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public StaleException(String message) {
    super(Remedy.TIME, message);
  }
}
