package selvedge.model;

/** Thrown inside a server when an edge cannot answer and must ask its origin. */
public final class NotHereException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public NotHereException(String message) {
    super(Remedy.TIME, message);
  }
}
