package selvedge.client;

import org.jspecify.annotations.Nullable;
import selvedge.model.SelvedgeException;

/** No server has answered, and nothing was changed. */
public final class UnreachableException extends SelvedgeException {
  public UnreachableException(String message, @Nullable Throwable cause) {
    this(Remedy.TIME, message, cause);
  }

  UnreachableException(Remedy remedy, String message, @Nullable Throwable cause) {
    super(remedy, message, cause);
  }
}
