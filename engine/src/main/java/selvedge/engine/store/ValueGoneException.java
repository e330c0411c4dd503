package selvedge.engine.store;

import selvedge.model.SelvedgeException;

/** A large value was replaced and freed before it was read; its key has a newer answer by now. */
public final class ValueGoneException extends SelvedgeException {
  public ValueGoneException(String message) {
    super(Remedy.TIME, message);
  }
}
