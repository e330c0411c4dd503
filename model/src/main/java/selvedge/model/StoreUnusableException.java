package selvedge.model;

/** A store that cannot be opened: in use, of another format, or not a store. */
public final class StoreUnusableException extends SelvedgeException {
  public StoreUnusableException(String message) {
    super(Remedy.OPERATOR, message);
  }

  public StoreUnusableException(String message, Throwable cause) {
    super(Remedy.OPERATOR, message, cause);
  }
}
