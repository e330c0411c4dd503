package selvedge.model;

/** A queue is full; the same request may succeed in a moment. */
public final class OverloadedException extends SelvedgeException {
  public OverloadedException(String message) {
    super(Remedy.TIME, message);
  }
}
