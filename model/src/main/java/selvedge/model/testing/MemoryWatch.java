package selvedge.model.testing;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Version;
import selvedge.model.Watch;

/** A watch of a namespace in memory. Belongs to one thread; another one may close it. */
final class MemoryWatch implements Watch {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private final MemoryFeed feed;
  private final Bytes prefix;
  private final Runnable arrival;
  private Version version;
  private volatile boolean closed;

  /**
   * @param arrival brings into the feed what has arrived by the clock, and not by an event
   */
  MemoryWatch(MemoryFeed feed, Bytes prefix, Version after, Runnable arrival) {
    this.feed = feed;
    this.prefix = prefix;
    this.arrival = arrival;
    this.version = after;
  }

  @Override
  public Optional<Change> next(Duration patience) {
    Duration left = patience;
    while (!closed) {
      arrival.run();
      Duration wait = left.compareTo(POLL_INTERVAL) < 0 ? left : POLL_INTERVAL;
      Optional<Change> next = feed.at(Math.toIntExact(version.number()), wait);
      if (next.isPresent()) {
        version = next.get().version();
        if (next.get().mutation().touches(prefix)) {
          return next;
        }
      } else if (left.compareTo(wait) <= 0) {
        return Optional.empty();
      } else {
        left = left.minus(wait);
      }
    }
    return Optional.empty();
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public void close() {
    closed = true;
  }
}
