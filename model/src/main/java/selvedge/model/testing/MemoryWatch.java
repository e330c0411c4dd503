package selvedge.model.testing;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Version;
import selvedge.model.Watch;

/** Follows a feed in memory. One thread uses it; another may close it. */
final class MemoryWatch implements Watch {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final MemoryFeed feed;
  private final Bytes prefix;
  private Version version;
  private volatile boolean closed;

  MemoryWatch(MemoryFeed feed, Bytes prefix, Version after) {
    this.feed = feed;
    this.prefix = prefix;
    this.version = after;
  }

  @Override
  public Optional<Change> next(Duration patience) {
    Duration left = patience;
    while (!closed) {
      Duration wait = left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN;
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
