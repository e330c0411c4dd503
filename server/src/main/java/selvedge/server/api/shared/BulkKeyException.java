package selvedge.server.api.shared;

import selvedge.model.InvalidKeyException;
import selvedge.model.SelvedgeException;

/** An invalid key in a request with many keys. */
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

  /** Returns why the key is invalid. */
  public InvalidKeyException cause() {
    return cause;
  }
}
