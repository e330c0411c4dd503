package selvedge.model;

/** What is here is older than the namespace allows an answer to be. */
public final class StaleException extends SelvedgeException {
  public StaleException(String message) {
    super(Remedy.TIME, message);
  }
}
