package selvedge.engine.summary;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.IndexView;
import selvedge.engine.store.Name;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Brings ranges from one view to a later one, in bounded pieces. Belongs to one thread.
 *
 * <p>Each key that was changed or has expired is looked up in both views: what it contributed
 * before is replaced by what it contributes now. Ranges with a clear, or with too many rows, are
 * counted again.
 */
final class Advance implements AutoCloseable {
  private static final int PIECE_CHANGES = 512;
  private static final int PIECE_KEYS = 1024;

  /** The keys that are looked up. The ranges of further ones are counted again. */
  private static final int KEYS_MAX = 100_000;

  private static final Comparator<Name> ORDER =
      Comparator.comparing((Name name) -> name.namespace().hex())
          .thenComparing(name -> name.key().bytes());

  private final Feed feed;
  private final Moment before;
  private final Moment after;
  private final Map<NamespaceId, KeyRanges> summaries;
  private final TreeSet<Name> names = new TreeSet<>(ORDER);
  private final Deque<NamespaceId> uncounted;
  private final IndexView.Names expiring;
  private Phase phase = Phase.FEED;
  private Version read;
  private int range;
  private @Nullable RangeCount count;

  /** A view, and the moment at which expiries are judged in it. */
  record Moment(IndexView view, Instant at) {}

  private enum Phase {
    FEED,
    EXPIRIES,
    KEYS,
    RANGES
  }

  /**
   * @param summaries changed in place
   */
  Advance(Feed feed, Moment before, Moment after, Map<NamespaceId, KeyRanges> summaries) {
    this.feed = feed;
    this.before = before;
    this.after = after;
    this.summaries = summaries;
    this.read = before.view().version();
    this.uncounted = new ArrayDeque<>(summaries.keySet());
    // The later view may lack rows that were swept since.
    this.expiring = before.view().expiring(before.at(), after.at());
    if (after.view().version().number() - read.number() > KEYS_MAX) {
      countAll();
    }
  }

  Moment after() {
    return after;
  }

  /** Counts all ranges again, without a look at what changed. */
  void countAll() {
    summaries.values().forEach(ranges -> ranges.expire(Bytes.EMPTY));
    phase = Phase.RANGES;
  }

  /** Does a piece, and returns whether all ranges are those of the later view. */
  boolean step() {
    switch (phase) {
      case FEED -> readFeed();
      case EXPIRIES -> readExpiries();
      case KEYS -> lookUp();
      case RANGES -> {
        return countRange();
      }
    }
    return false;
  }

  private void readFeed() {
    Version target = after.view().version();
    if (read.compareTo(target) >= 0) {
      phase = Phase.EXPIRIES;
      return;
    }
    int limit = (int) Math.min(PIECE_CHANGES, target.number() - read.number());
    switch (feed.read(read, limit)) {
      case FeedRead.Trimmed _ -> countAll();
      case FeedRead.Changes(List<Change> changes) -> {
        for (Change change : changes) {
          if (change.version().compareTo(target) <= 0) {
            add(change);
          }
          read = change.version();
        }
      }
    }
  }

  private void add(Change change) {
    KeyRanges ranges = summaries.get(change.namespace());
    if (ranges == null) {
      return;
    }
    switch (change.mutation()) {
      case Mutation.Put put -> add(change.namespace(), put.key(), ranges);
      case Mutation.Delete(Key key) -> add(change.namespace(), key, ranges);
      case Mutation.Clear(Bytes prefix) -> ranges.expire(prefix);
    }
  }

  private void add(NamespaceId namespace, Key key, KeyRanges ranges) {
    if (names.size() < KEYS_MAX) {
      names.add(new Name(namespace, key));
    } else {
      ranges.of(key.bytes()).expire();
    }
  }

  private void readExpiries() {
    for (int i = 0; i < PIECE_KEYS; i++) {
      Optional<Name> next = expiring.next();
      if (next.isEmpty()) {
        phase = Phase.KEYS;
        return;
      }
      KeyRanges ranges = summaries.get(next.get().namespace());
      if (ranges != null) {
        add(next.get().namespace(), next.get().key(), ranges);
      }
    }
  }

  private void lookUp() {
    for (int i = 0; i < PIECE_KEYS; i++) {
      Name name = names.pollFirst();
      if (name == null) {
        phase = Phase.RANGES;
        return;
      }
      KeyRanges ranges = ranges(name.namespace());
      KeyRange range = ranges.of(name.key().bytes());
      if (!range.isStale()) {
        range.replace(amount(before, name), amount(after, name));
      }
    }
  }

  /** Returns the ranges of a namespace that has a summary. */
  private KeyRanges ranges(NamespaceId namespace) {
    return Objects.requireNonNull(summaries.get(namespace));
  }

  private static Amount amount(Moment moment, Name name) {
    return moment
        .view()
        .find(name.namespace(), name.key())
        .map(row -> Amount.of(row, moment.at()))
        .orElse(Amount.NONE);
  }

  private boolean countRange() {
    NamespaceId namespace = uncounted.peek();
    if (namespace == null) {
      return true;
    }
    KeyRanges ranges = ranges(namespace);
    RangeCount current = count == null ? nextCount(namespace, ranges) : count;
    if (current == null) {
      ranges.join();
      uncounted.remove();
      range = 0;
    } else if (current.step()) {
      ranges.replace(range, current.ranges());
      range += current.ranges().size();
      count = null;
    } else {
      count = current;
    }
    return false;
  }

  /** Returns the count of the next range that needs one, null if no further range does. */
  private @Nullable RangeCount nextCount(NamespaceId namespace, KeyRanges ranges) {
    while (range < ranges.size() && !ranges.mustCount(range)) {
      range++;
    }
    if (range == ranges.size()) {
      return null;
    }
    var part =
        new RangeCount.Part(
            ranges.get(range).start(), ranges.end(range), Math.max(1, ranges.rowsMax() / 2));
    return new RangeCount(after.view(), namespace, after.at(), part, Integer.MAX_VALUE);
  }

  /** Closes what the work in progress holds, but not the views. */
  @Override
  public void close() {
    expiring.close();
  }
}
