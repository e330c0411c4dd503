package selvedge.model;

/** The bytes given cannot name an entry. */
public final class InvalidKeyException extends SelvedgeException {

  /** What is wrong with the key. */
  public enum Reason {
    EMPTY,
    TOO_LONG,
    DOTS,
    NOT_UTF8
  }

  private final Reason reason;

  public InvalidKeyException(Reason reason, String message) {
    super(Remedy.CALLER, message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
