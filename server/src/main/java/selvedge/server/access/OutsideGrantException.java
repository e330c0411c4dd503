package selvedge.server.access;

import selvedge.model.SelvedgeException;

/** A write to keys that the token has no right for. */
public final class OutsideGrantException extends SelvedgeException {
  OutsideGrantException() {
    super(Remedy.CALLER, "the token may only change keys that start with the prefix of its grant");
  }
}
