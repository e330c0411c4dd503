package selvedge.engine.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WatchLostException;

/** Follows the changes of one namespace. One thread uses it; another may close it. */
public final class FeedWatch implements Watch {
  private static final int CHANGES_AT_ONCE = 256;
  private static final Duration RECHECK_INTERVAL = Duration.ofMillis(100);

  private final Feed feed;
  private final FeedSignal signal;
  private final NamespaceId namespace;
  private final Bytes prefix;
  private final Deque<Change> read = new ArrayDeque<>();
  private Version version;
  private volatile boolean closed;

  public FeedWatch(
      Feed feed, FeedSignal signal, NamespaceId namespace, Bytes prefix, Version after) {
    this.feed = feed;
    this.signal = signal;
    this.namespace = namespace;
    this.prefix = prefix;
    this.version = after;
  }

  @Override
  public Optional<Change> next(Duration patience) {
    Duration left = patience;
    while (!closed) {
      if (read.isEmpty()) {
        fill();
      }
      while (!read.isEmpty()) {
        Change change = read.removeFirst();
        version = change.version();
        if (change.namespace().equals(namespace) && change.mutation().touches(prefix)) {
          return Optional.of(change);
        }
      }
      if (left.isZero() || signal.isEnded()) {
        return Optional.empty();
      }
      left = left.minus(await(left.compareTo(RECHECK_INTERVAL) < 0 ? left : RECHECK_INTERVAL));
    }
    return Optional.empty();
  }

  private void fill() {
    switch (feed.read(version, CHANGES_AT_ONCE)) {
      case FeedRead.Changes(var changes) -> read.addAll(changes);
      case FeedRead.Trimmed(Version horizon) ->
          throw new WatchLostException(
              "the changes after "
                  + version
                  + " are no longer in the feed; it begins after "
                  + horizon);
    }
  }

  /** Returns how much of the time has passed, at least. */
  private Duration await(Duration most) {
    try {
      return most.minus(signal.await(version, most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
      return most;
    }
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
