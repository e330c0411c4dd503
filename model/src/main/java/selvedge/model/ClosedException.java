package selvedge.model;

/** The store or the client that a namespace or a watch belongs to has been closed. */
public final class ClosedException extends SelvedgeException {
  public ClosedException(String message) {
    super(Remedy.CALLER, message);
  }
}
