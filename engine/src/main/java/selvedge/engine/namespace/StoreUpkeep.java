package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import selvedge.engine.feed.FeedReaders;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Limit;

/**
 * Frees expired entries and old changes of a store, a bounded piece at a time. Belongs to the
 * thread that changes the store.
 */
public final class StoreUpkeep {
  private static final Duration UNLIMITED = Duration.ofDays(36_500);

  /** The disk has little space if less than this multiple of the reserve is free. */
  private static final int LOW = 2;

  private static final Duration LOW_INTERVAL = Duration.ofSeconds(1);

  private final ServedStore served;
  private final ClockCheck clockCheck;
  private final FeedReaders readers;

  /**
   * @param readers the servers that need changes of the feed
   */
  public StoreUpkeep(ServedStore served, ClockCheck clockCheck, FeedReaders readers) {
    this.served = served;
    this.clockCheck = clockCheck;
    this.readers = readers;
  }

  /** Returns whether the disk has so little space that puts will soon be refused. */
  private boolean isLow() {
    return isLow(served.store().roomBytes(), served.limits().get(Limit.DISK_RESERVE_BYTES));
  }

  /** Returns whether the room on a disk, in bytes, is too small for the reserve. */
  public static boolean isLow(long room, long reserve) {
    return room < LOW * reserve;
  }

  /** Returns the time between two calls of {@link #trim}. */
  public Duration interval() {
    return isLow() ? LOW_INTERVAL : served.limits().seconds(Limit.SWEEP_SECONDS);
  }

  /**
   * Frees old changes of the feed and returns whether more of them are waiting. The age of changes
   * counts only while the clock is trusted; their size always counts. If the disk has little space,
   * only the changes that connected servers need are kept.
   */
  @WriterOnly
  public boolean trim(Instant now) {
    clockCheck.record(served.store());
    if (isLow()) {
      return served.feed().reclaim(readers.slowest(served.store().latest()), now);
    }
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
