package selvedge.model;

/** Thrown when there is no such namespace, or none that the caller may read. */
public final class NamespaceNotFoundException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message what is wrong, and what is allowed
   */
  public NamespaceNotFoundException(String message) {
    super(Remedy.CALLER, message);
  }
}
