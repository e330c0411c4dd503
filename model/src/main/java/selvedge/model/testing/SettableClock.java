package selvedge.model.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets and advances. Safe for use by many threads. */
public final class SettableClock implements InstantSource {
  private volatile Instant now;

  /**
   * Creates a clock.
   *
   * @param start its time until it is changed
   */
  public SettableClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /**
   * Sets the time.
   *
   * @param moment the new time, which may be earlier
   */
  public void set(Instant moment) {
    now = moment;
  }

  /**
   * Advances the time.
   *
   * @param span the difference, which may be negative
   */
  public synchronized void advance(Duration span) {
    now = now.plus(span);
  }
}
