package selvedge.server.access;

import selvedge.model.SelvedgeException;

/** A change of keys for which the token holds no right. */
public final class OutsideGrantException extends SelvedgeException {
  OutsideGrantException() {
    super(Remedy.CALLER, "the token may not change keys outside its prefix");
  }
}
