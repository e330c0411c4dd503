package selvedge.model;

/** The changes after a version are gone: read what there is now, and watch from there. */
public final class WatchLostException extends SelvedgeException {
  public WatchLostException(String message) {
    super(Remedy.CALLER, message);
  }
}
