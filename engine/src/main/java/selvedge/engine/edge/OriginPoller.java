package selvedge.engine.edge;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;

/**
 * Asks the origin how far it is, again and again, so that the age of the replica and the origin's
 * time are known.
 */
final class OriginPoller implements Worker {
  private final Source source;
  private final Store store;
  private final Freshness freshness;
  private final LongSupplier ticks;
  private final OriginClock time;
  private final Duration interval;

  OriginPoller(
      Source source,
      Store store,
      Freshness freshness,
      LongSupplier ticks,
      OriginClock time,
      Duration interval) {
    this.source = source;
    this.store = store;
    this.freshness = freshness;
    this.ticks = ticks;
    this.time = time;
    this.interval = interval;
  }

  @Override
  public Duration step() {
    long asked = ticks.getAsLong();
    try {
      Position position = source.position();
      time.told(position.at(), asked, ticks.getAsLong());
      if (position.epoch() == store.epoch() && sharesOpening(position.opening())) {
        freshness.told(position.version(), asked - position.age().toNanos(), store.latest());
      }
    } catch (IOException e) {
      // The follower says what is wrong with the connection; here only the age goes on.
      return interval;
    }
    return interval;
  }

  /**
   * The version of an origin that has opened since says nothing about the changes that are here.
   */
  private boolean sharesOpening(long opening) {
    return opening == 0 || Descent.of(store).openings().has(opening);
  }
}
