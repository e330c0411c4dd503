package selvedge.client;

import selvedge.model.SelvedgeException;

/** The server has refused a request for a reason of its own, which the message tells. */
public final class RefusedException extends SelvedgeException {
  private final int status;

  public RefusedException(int status, String message) {
    super(status >= 500 ? Remedy.TIME : Remedy.CALLER, message);
    this.status = status;
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }
}
