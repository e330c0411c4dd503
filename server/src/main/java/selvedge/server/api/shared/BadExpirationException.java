package selvedge.server.api.shared;

import selvedge.model.SelvedgeException;

/** An expiry that the KV faces do not take; the text is the one their clients know. */
public final class BadExpirationException extends SelvedgeException {
  private final boolean timeToLive;

  BadExpirationException(boolean timeToLive, String message) {
    super(Remedy.CALLER, message);
    this.timeToLive = timeToLive;
  }

  /** Whether it was given as a time to live and not as a moment. */
  public boolean isTimeToLive() {
    return timeToLive;
  }
}
