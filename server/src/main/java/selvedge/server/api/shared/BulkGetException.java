package selvedge.server.api.shared;

import selvedge.model.SelvedgeException;

/** An invalid request for many values. */
public final class BulkGetException extends SelvedgeException {
  private final Reason reason;

  /** Why the request is invalid. */
  public enum Reason {
    /** The body has another structure. */
    MALFORMED,
    /** The body requests something that does not exist, such as an unknown type. */
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
