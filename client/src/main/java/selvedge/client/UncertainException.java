package selvedge.client;

import selvedge.model.SelvedgeException;

/** A change was sent, and nobody knows whether it was made: look before it is made again. */
public final class UncertainException extends SelvedgeException {
  public UncertainException(String message, Throwable cause) {
    super(Remedy.TIME, message, cause);
  }
}
