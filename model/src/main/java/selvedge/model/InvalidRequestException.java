package selvedge.model;

/** A request that can never succeed as it stands. */
public final class InvalidRequestException extends SelvedgeException {
  public InvalidRequestException(String message) {
    super(Remedy.CALLER, message);
  }
}
