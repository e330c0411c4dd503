package selvedge.server.api.shared;

import selvedge.model.InvalidKeyException;
import selvedge.model.SelvedgeException;

/** One of many keys that cannot be a key. */
public final class BulkKeyException extends SelvedgeException {
  private final int index;
  private final InvalidKeyException cause;

  BulkKeyException(int index, InvalidKeyException cause) {
    super(Remedy.CALLER, String.valueOf(cause.getMessage()));
    this.index = index;
    this.cause = cause;
  }

  public int index() {
    return index;
  }

  /** What is wrong with it. */
  public InvalidKeyException cause() {
    return cause;
  }
}
