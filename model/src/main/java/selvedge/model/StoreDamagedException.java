package selvedge.model;

/** Bytes on disk are not what was written; the message names the file. */
public final class StoreDamagedException extends SelvedgeException {
  public StoreDamagedException(String message) {
    super(Remedy.OPERATOR, message);
  }

  public StoreDamagedException(String message, Throwable cause) {
    super(Remedy.OPERATOR, message, cause);
  }
}
