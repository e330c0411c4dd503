package selvedge.model;

/** Thrown when bytes cannot be a key. */
public final class InvalidKeyException extends SelvedgeException {

  /** The rule that the bytes break. */
  public enum Reason {
    /** A key must have at least one byte. */
    EMPTY,
    /** A key must not have more bytes than its limit. */
    TOO_LONG,
    /** A key must be neither {@code .} nor {@code ..}. */
    DOTS,
    /** A key must be UTF-8. */
    NOT_UTF8
  }

  /** The rule that the bytes break. */
  private final Reason reason;

  /**
   * Creates the exception.
   *
   * @param reason the rule that the bytes break
   * @param message what is wrong, and what is allowed
   */
  public InvalidKeyException(Reason reason, String message) {
    super(Remedy.CALLER, message);
    this.reason = reason;
  }

  /**
   * Returns the rule that the bytes break.
   *
   * @return the rule
   */
  public Reason reason() {
    return reason;
  }
}
