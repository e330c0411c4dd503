package selvedge.model;

/**
 * Thrown by a watch when the changes after its version are no longer kept: read the current state,
 * and watch from there.
 */
public final class WatchLostException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public WatchLostException(String message) {
    super(Remedy.CALLER, message);
  }
}
