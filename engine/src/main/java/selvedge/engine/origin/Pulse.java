package selvedge.engine.origin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;

/** Asks the origin how far it is, again and again, so that the age of the replica is known. */
final class Pulse implements Worker {
  /** A clock may drift, so an old measurement of it gives way to a worse one in the end. */
  private static final int MEASUREMENTS = 32;

  private final Source source;
  private final Store store;
  private final Freshness freshness;
  private final LongSupplier ticks;
  private final InstantSource clock;
  private final Duration interval;
  private volatile Duration skew = Duration.ZERO;
  private long best = Long.MAX_VALUE;
  private int measured;

  Pulse(
      Source source,
      Store store,
      Freshness freshness,
      LongSupplier ticks,
      InstantSource clock,
      Duration interval) {
    this.source = source;
    this.store = store;
    this.freshness = freshness;
    this.ticks = ticks;
    this.clock = clock;
    this.interval = interval;
  }

  /** How far the origin's clock is ahead of the one here, give or take half a round trip. */
  Duration skew() {
    return skew;
  }

  @Override
  public Duration step() {
    long asked = ticks.getAsLong();
    Instant sent = clock.instant();
    try {
      Position position = source.position();
      measure(position.at(), sent, ticks.getAsLong() - asked);
      if (position.epoch() == store.epoch()) {
        freshness.told(position.version(), asked - position.age().toNanos(), store.latest());
      }
    } catch (IOException e) {
      // The follower says what is wrong with the connection; here only the age goes on.
      return interval;
    }
    return interval;
  }

  private void measure(Instant origin, Instant sent, long roundTrip) {
    if (roundTrip <= best || ++measured >= MEASUREMENTS) {
      best = roundTrip;
      measured = 0;
      skew = Duration.between(sent.plusNanos(roundTrip / 2), origin);
    }
  }
}
