package selvedge.engine.origin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import selvedge.engine.feed.Feed;
import selvedge.engine.store.Store;
import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * Frees the space of expired entries and old changes at a replica, one bounded piece a step.
 *
 * <p>Belongs to the follower's thread, which is the store's only writer there.
 */
final class ReplicaUpkeep {
  private final Store store;
  private final Feed feed;
  private final Limits limits;
  private final InstantSource clock;
  private final LongSupplier ticks;
  private final long intervalNanos;
  private long due;
  private boolean more;

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  ReplicaUpkeep(Store store, Feed feed, Limits limits, InstantSource clock, LongSupplier ticks) {
    this.store = store;
    this.feed = feed;
    this.limits = limits;
    this.clock = clock;
    this.ticks = ticks;
    this.intervalNanos = limits.seconds(Limit.SWEEP_SECONDS).toNanos();
    this.due = ticks.getAsLong();
  }

  /** Does a piece of the work that is due, and returns whether more of it is waiting. */
  boolean step() {
    long now = ticks.getAsLong();
    if (!more && now - due < 0) {
      return false;
    }
    Instant moment = clock.instant();
    if (!more) {
      due = now + intervalNanos;
    }
    more = feed.trim(limits.seconds(Limit.FEED_SECONDS), limits.get(Limit.FEED_BYTES), moment);
    more |= store.sweep(moment, limits.size(Limit.SWEEP_ENTRIES));
    return more;
  }
}
