package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import selvedge.model.Change;
import selvedge.model.Version;

/**
 * Sends a feed in its format: at most a number of changes in a second, and heartbeats while it
 * sends nothing. Belongs to one thread.
 */
final class FeedPace {
  private static final Duration WINDOW = Duration.ofSeconds(1);

  private final FeedForm form;
  private final OutputStream out;
  private final long changesMax;
  private final Duration heartbeat;
  private final InstantSource clock;
  private final LongSupplier ticks;
  private long windowStart;
  private long lastSent;
  private long changes;
  private long shown;

  /** When something is sent, apart from changes. */
  record Timing(Duration heartbeat, InstantSource clock, LongSupplier ticks) {}

  /**
   * @param changesMax the number of changes that are sent in a second; {@link Long#MAX_VALUE} for
   *     all of them
   */
  FeedPace(FeedForm form, OutputStream out, long changesMax, Timing timing) {
    this.form = form;
    this.out = out;
    this.changesMax = changesMax;
    this.heartbeat = timing.heartbeat();
    this.clock = timing.clock();
    this.ticks = timing.ticks();
    this.windowStart = ticks.getAsLong();
    this.lastSent = windowStart;
  }

  private boolean isLimited() {
    return changesMax < Long.MAX_VALUE;
  }

  /** Returns the longest time to wait for changes. */
  Duration patience() {
    if (isLimited()) {
      return WINDOW;
    }
    Duration sent = Duration.ofNanos(ticks.getAsLong() - lastSent);
    return sent.compareTo(heartbeat) < 0 ? heartbeat.minus(sent) : heartbeat;
  }

  void change(Change change) throws IOException {
    changes++;
    if (shown < changesMax) {
      shown++;
      form.change(out, change);
      lastSent = ticks.getAsLong();
    }
  }

  /** Sends what is due after the changes up to a version: the rate of a second, or a heartbeat. */
  void reached(Version version) throws IOException {
    long now = ticks.getAsLong();
    if (isLimited() && now - windowStart >= WINDOW.toNanos()) {
      form.rate(out, new Rate(changes, shown, version, clock.instant()));
      windowStart = now;
      changes = 0;
      shown = 0;
    }
    if (now - lastSent >= heartbeat.toNanos()) {
      form.heartbeat(out, version, clock.instant());
      lastSent = now;
    }
  }

  /**
   * The changes since the last rate that the reader requested, and those that were sent.
   *
   * @param version up to which changes are counted
   */
  record Rate(long changes, long shown, Version version, Instant at) {}
}
