package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Limit;

/**
 * Frees expired entries and old changes of a store, a bounded piece at a time. Belongs to the
 * thread that changes the store.
 */
public final class StoreUpkeep {
  private static final Duration UNLIMITED = Duration.ofDays(36_500);

  private final ServedStore served;
  private final ClockCheck clockCheck;

  public StoreUpkeep(ServedStore served, ClockCheck clockCheck) {
    this.served = served;
    this.clockCheck = clockCheck;
  }

  /**
   * Frees old changes of the feed and returns whether more of them are waiting. The age of changes
   * counts only while the clock is trusted; their size always counts.
   */
  @WriterOnly
  public boolean trim(Instant now) {
    Duration age = clockCheck.isTrusted() ? served.limits().seconds(Limit.FEED_SECONDS) : UNLIMITED;
    return served.feed().trim(age, served.limits().get(Limit.FEED_BYTES), now);
  }

  /**
   * Frees entries that expired before the given time minus the grace, while the clock is trusted.
   * Returns whether more of them are waiting.
   */
  @WriterOnly
  public boolean sweep(Instant now) {
    return clockCheck.isTrusted()
        && served
            .store()
            .sweep(
                now.minus(served.limits().seconds(Limit.EXPIRY_GRACE_SECONDS)),
                served.limits().size(Limit.SWEEP_ENTRIES));
  }
}
