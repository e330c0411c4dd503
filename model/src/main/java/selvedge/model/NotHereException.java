package selvedge.model;

/** What was asked for cannot be answered from what is here: the origin has to be asked. */
public final class NotHereException extends SelvedgeException {
  public NotHereException(String message) {
    super(Remedy.TIME, message);
  }
}
