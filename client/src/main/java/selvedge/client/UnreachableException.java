package selvedge.client;

import selvedge.model.SelvedgeException;

/** No server has answered, and nothing was changed. */
public final class UnreachableException extends SelvedgeException {
  public UnreachableException(String message, Throwable cause) {
    super(Remedy.TIME, message, cause);
  }
}
