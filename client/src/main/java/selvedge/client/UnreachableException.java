package selvedge.client;

import org.jspecify.annotations.Nullable;
import selvedge.model.SelvedgeException;

/** Thrown when no server has answered; nothing was changed. */
public final class UnreachableException extends SelvedgeException {
  /**
   * Creates the exception.
   *
   * @param message which server did not answer, and why
   * @param cause the failure of the connection, if there was an attempt
   */
  public UnreachableException(String message, @Nullable Throwable cause) {
    this(Remedy.TIME, message, cause);
  }

  UnreachableException(Remedy remedy, String message, @Nullable Throwable cause) {
    super(remedy, message, cause);
  }
}
