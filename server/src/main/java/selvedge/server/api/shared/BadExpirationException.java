package selvedge.server.api.shared;

import selvedge.model.SelvedgeException;

/** An expiry that REST or the binding refuses, with the message that their clients rely on. */
public final class BadExpirationException extends SelvedgeException {
  private final boolean timeToLive;

  BadExpirationException(boolean timeToLive, String message) {
    super(Remedy.CALLER, message);
    this.timeToLive = timeToLive;
  }

  /** Returns whether it was a time to live and not a moment. */
  public boolean isTimeToLive() {
    return timeToLive;
  }
}
