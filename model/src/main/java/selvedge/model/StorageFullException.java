package selvedge.model;

/** The disk has no room for the write; reads go on. */
public final class StorageFullException extends SelvedgeException {
  public StorageFullException(String message) {
    super(Remedy.OPERATOR, message);
  }

  public StorageFullException(String message, Throwable cause) {
    super(Remedy.OPERATOR, message, cause);
  }
}
