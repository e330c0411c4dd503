package selvedge.engine.edge;

import java.io.IOException;
import java.time.Duration;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;

/**
 * Requests the position of the origin at an interval, to measure the age of the replica and the
 * origin's clock. Belongs to one thread.
 */
final class OriginPoller implements Worker {
  private final Source source;
  private final Store store;
  private final Freshness freshness;
  private final OriginClock time;
  private final Duration interval;

  OriginPoller(
      Source source, Store store, Freshness freshness, OriginClock time, Duration interval) {
    this.source = source;
    this.store = store;
    this.freshness = freshness;
    this.time = time;
    this.interval = interval;
  }

  @Override
  public Duration step() {
    long sent = time.tick();
    try {
      Position position = source.position();
      time.measured(position.at(), sent, time.tick());
      if (position.epoch() == store.epoch() && sharesOpening(position.opening())) {
        freshness.originHad(position.version(), sent - position.age().toNanos(), store.latest());
      }
    } catch (IOException e) {
      // The follower reports the failed connection. The age of the replica grows meanwhile.
      return interval;
    }
    return interval;
  }

  /** A version from an opening that the replica does not know cannot be compared with its own. */
  private boolean sharesOpening(long opening) {
    return opening == 0 || Descent.of(store).openings().has(opening);
  }
}
