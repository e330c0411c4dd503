package selvedge.engine.summary;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.feed.Feed;
import selvedge.engine.store.IndexView;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;

/**
 * The exact counts of the namespaces that are looked at. The write path has no part in it.
 *
 * <p>The first use of a namespace starts one scan of its index. Afterwards the worker follows the
 * feed and the expiries, and publishes the counts as of a later version. A namespace that is not
 * used for a while is forgotten. One thread steps the worker; any thread may open a summary.
 */
public final class Summaries implements Worker, AutoCloseable {
  private static final long ROWS_PER_RANGE = 1024;

  /** While counts are being used, they are brought up to date at this interval. */
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private static final Duration IDLE_INTERVAL = Duration.ofSeconds(10);

  /** The time from the last use of any summary during which the worker takes its larger part. */
  private static final Duration IN_USE = Duration.ofSeconds(10);

  /** The time from the last use of a summary until it is forgotten. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(15);

  /** Ranges are counted again at this interval, because their rows are estimates. */
  private static final Duration RECOUNT_INTERVAL = Duration.ofHours(1);

  /** The pauses between two pieces of work, as multiples of the time of a piece. */
  private static final int PAUSES_IN_USE = 2;

  private static final int PAUSES_IDLE = 19;
  private static final int ATTEMPTS = 16;

  private final Supplier<IndexView> views;
  private final Feed feed;
  private final InstantSource clock;
  private final LongSupplier ticks;
  private final int rangesMax;
  private final long rowsPerRange;
  private final ConcurrentHashMap<NamespaceId, Long> used = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<NamespaceId, Found.Counting> counting = new ConcurrentHashMap<>();
  private volatile Runnable waker = () -> {};
  private volatile @Nullable SummaryState state;

  // These fields belong to the worker.
  private final Map<NamespaceId, KeyRanges> ranges = new HashMap<>();
  private @Nullable Build build;
  private @Nullable Advance advance;
  private @Nullable SharedView advanced;
  private long advancedTick;
  private long countedTick;

  /** The first count of a namespace. */
  private record Build(NamespaceId namespace, RangeCount count) {}

  /** What {@link #open} returns. */
  public sealed interface Found {

    /** The counts, which the caller must close. */
    record Ready(Summary summary) implements Found {}

    /** The namespace is being counted. */
    record Counting(int percent, long rows) implements Found {
      static final Counting STARTING = new Counting(0, 0);
    }
  }

  /** A store: its views and its feed. */
  public record Source(Supplier<IndexView> views, Feed feed) {}

  /**
   * @param clock judges expiries
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public Summaries(Source source, InstantSource clock, LongSupplier ticks, Limits limits) {
    this(source, clock, ticks, limits, ROWS_PER_RANGE);
  }

  Summaries(
      Source source, InstantSource clock, LongSupplier ticks, Limits limits, long rowsPerRange) {
    this.views = source.views();
    this.feed = source.feed();
    this.clock = clock;
    this.ticks = ticks;
    this.rangesMax = limits.size(Limit.SUMMARY_RANGES);
    this.rowsPerRange = rowsPerRange;
  }

  @Override
  public void wakeBy(Runnable wake) {
    waker = wake;
  }

  /** Returns the counts of a namespace, or starts to count it. Never waits. */
  public Found open(NamespaceId namespace) {
    used.put(namespace, ticks.getAsLong());
    return found(namespace);
  }

  private Found found(NamespaceId namespace) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      SummaryState current = state;
      if (current == null) {
        break;
      }
      Counts counts = current.counts().get(namespace);
      if (counts == null) {
        break;
      }
      // The view may have been replaced since.
      if (current.shared().enter()) {
        return new Found.Ready(new Summary(namespace, current, counts));
      }
    }
    Found.Counting before = counting.putIfAbsent(namespace, Found.Counting.STARTING);
    waker.run();
    return before == null ? Found.Counting.STARTING : before;
  }

  /**
   * As {@link #open}, for work in the background: the count takes the smaller part of a processor
   * and is soon forgotten, unless a summary is in use.
   */
  public Found openBriefly(NamespaceId namespace) {
    long tick = ticks.getAsLong() - FORGOTTEN.minus(IN_USE).toNanos();
    used.merge(namespace, tick, (one, other) -> one - other > 0 ? one : other);
    return found(namespace);
  }

  /** Returns the amount of a namespace if it is counted, without using its summary. */
  public Optional<Amount> peek(NamespaceId namespace) {
    SummaryState current = state;
    return current == null
        ? Optional.empty()
        : Optional.ofNullable(current.counts().get(namespace)).map(Counts::all);
  }

  @Override
  public Duration step() {
    long start = ticks.getAsLong();
    try {
      if (!work()) {
        return INTERVAL;
      }
    } catch (RuntimeException e) {
      reset();
      throw e;
    }
    long took = ticks.getAsLong() - start;
    return Duration.ofNanos(took * (isInUse() ? PAUSES_IN_USE : PAUSES_IDLE));
  }

  private boolean isInUse() {
    long now = ticks.getAsLong();
    return used.values().stream().anyMatch(last -> now - last < IN_USE.toNanos());
  }

  /** Does a piece of work, and returns whether there was any. */
  private boolean work() {
    Advance running = advance;
    if (running != null) {
      if (running.step()) {
        finish(running);
      }
      return true;
    }
    Build first = build;
    if (first != null) {
      step(first);
      return true;
    }
    forget();
    return begin();
  }

  /** Begins the next work, and returns whether there is any. */
  private boolean begin() {
    Optional<NamespaceId> next = counting.keySet().stream().findFirst();
    SummaryState current = state;
    if (next.isPresent()) {
      SummaryState base = current == null ? first() : current;
      var part = new RangeCount.Part(Bytes.EMPTY, KeySpace.AFTER_ANY_KEY, rowsPerRange);
      build =
          new Build(
              next.get(),
              new RangeCount(
                  base.shared().view(), next.get(), base.at(), part, Math.max(1, rangesMax / 2)));
      return true;
    }
    long now = ticks.getAsLong();
    Duration interval = isInUse() ? INTERVAL : IDLE_INTERVAL;
    if (current == null || now - advancedTick < interval.toNanos()) {
      return false;
    }
    advance(current, now);
    return true;
  }

  private SummaryState first() {
    var shared = new SharedView(views.get());
    var begun = new SummaryState(shared, clock.instant(), Map.of());
    advancedTick = ticks.getAsLong();
    countedTick = advancedTick;
    state = begun;
    return begun;
  }

  private void advance(SummaryState current, long now) {
    var next = new SharedView(views.get());
    advanced = next;
    // After the view, so that every row that is missing in it had expired.
    Instant read = clock.instant();
    Instant at = read.isAfter(current.at()) ? read : current.at();
    var running =
        new Advance(
            feed,
            new Advance.Moment(current.shared().view(), current.at()),
            new Advance.Moment(next.view(), at),
            ranges);
    advance = running;
    if (now - countedTick > RECOUNT_INTERVAL.toNanos()) {
      countedTick = now;
      running.countAll();
    }
  }

  private void finish(Advance running) {
    running.close();
    SharedView next = advanced;
    SummaryState last = state;
    if (next == null || last == null) {
      throw new IllegalStateException("an advance has no view");
    }
    state = new SummaryState(next, running.after().at(), counts());
    advance = null;
    advanced = null;
    advancedTick = ticks.getAsLong();
    last.shared().leave();
  }

  private Map<NamespaceId, Counts> counts() {
    Map<NamespaceId, Counts> counts = new HashMap<>();
    ranges.forEach((id, each) -> counts.put(id, each.counts()));
    return counts;
  }

  private void step(Build first) {
    RangeCount count = first.count();
    if (!count.step()) {
      counting.computeIfPresent(
          first.namespace(), (_, _) -> new Found.Counting(count.percent(), count.seen()));
      return;
    }
    build = null;
    SummaryState last = state;
    if (last == null) {
      throw new IllegalStateException("a count has no view");
    }
    ranges.put(
        first.namespace(),
        new KeyRanges(count.ranges(), 2 * count.rowsPerRange(), Math.max(1, rangesMax / 2)));
    makeRoom(first.namespace());
    state = new SummaryState(last.shared(), last.at(), counts());
    counting.remove(first.namespace());
  }

  /** Forgets the namespaces that were not used for longest while there are too many ranges. */
  private void makeRoom(NamespaceId kept) {
    while (ranges.values().stream().mapToInt(KeyRanges::size).sum() > rangesMax) {
      Optional<NamespaceId> oldest =
          ranges.keySet().stream()
              .filter(id -> !id.equals(kept))
              .min(Comparator.comparing(id -> used.getOrDefault(id, 0L)));
      if (oldest.isEmpty()) {
        return;
      }
      ranges.remove(oldest.get());
    }
  }

  /** Forgets the namespaces that were not used for a while. */
  private void forget() {
    long now = ticks.getAsLong();
    used.values().removeIf(last -> now - last > FORGOTTEN.toNanos());
    counting.keySet().removeIf(id -> !used.containsKey(id));
    boolean changed = ranges.keySet().removeIf(id -> !used.containsKey(id));
    SummaryState last = state;
    if (last == null) {
      return;
    }
    if (ranges.isEmpty() && counting.isEmpty()) {
      state = null;
      last.shared().leave();
    } else if (changed) {
      state = new SummaryState(last.shared(), last.at(), counts());
    }
  }

  /** Forgets everything. What is used next is counted again. */
  private void reset() {
    if (advance != null) {
      advance.close();
      advance = null;
    }
    if (advanced != null) {
      advanced.leave();
      advanced = null;
    }
    build = null;
    ranges.clear();
    SummaryState last = state;
    state = null;
    if (last != null) {
      last.shared().leave();
    }
  }

  /** Closes the views. The worker must not be stepped any more. */
  @Override
  public void close() {
    reset();
  }
}
