package selvedge.server.api.shared;

import selvedge.model.SelvedgeException;

/** A request for many values that is not answered. */
public final class BulkGetException extends SelvedgeException {
  private final Reason reason;

  /** What is wrong. */
  public enum Reason {
    /** The body has another shape. */
    MALFORMED,
    /** It asks for what cannot be had. */
    INVALID,
    /** The values are too large for one answer. */
    TOO_LARGE
  }

  BulkGetException(Reason reason, String message) {
    super(Remedy.CALLER, message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  public int status() {
    return reason == Reason.TOO_LARGE ? 413 : 400;
  }
}
