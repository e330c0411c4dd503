package selvedge.model;

/**
 * Thrown when a queue is full, a server cannot be reached, or a wait was interrupted: the same call
 * may succeed later.
 */
public final class OverloadedException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public OverloadedException(String message) {
    super(Remedy.TIME, message);
  }
}
