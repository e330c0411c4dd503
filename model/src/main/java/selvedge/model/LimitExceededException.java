package selvedge.model;

/** Something is larger, longer or more than its limit. */
public final class LimitExceededException extends SelvedgeException {
  public LimitExceededException(String message) {
    super(Remedy.CALLER, message);
  }
}
