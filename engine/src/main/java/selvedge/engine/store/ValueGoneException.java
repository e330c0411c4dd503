package selvedge.engine.store;

import selvedge.model.SelvedgeException;

/** A large value was replaced and freed before it was read. A new read returns the newer one. */
public final class ValueGoneException extends SelvedgeException {
  public ValueGoneException(String message) {
    super(Remedy.TIME, message);
  }
}
