package selvedge.engine.edge;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import selvedge.engine.cache.HeldEntries;
import selvedge.engine.cache.HeldEntries.Held;
import selvedge.engine.replication.Fetch;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Name;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.StaleException;
import selvedge.model.Version;
import selvedge.model.wire.Omitted;

/**
 * Answers reads of cached namespaces from held copies, or else from the origin.
 *
 * <p>Safe for use by many threads. Reads of the same missing key share one request (single
 * pendingFetch). The worker refreshes copies that are about to become too old.
 */
final class ReadThrough implements Worker {
  private static final int KEYS_AT_ONCE = 100;
  private static final int REFRESHES_MAX = 10_000;
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** How long after a failure a read prefers an old copy to another request. */
  private static final Duration BACKOFF = Duration.ofSeconds(1);

  private final HeldEntries held;
  private final Source source;
  private final BoundedReads admission;
  private final Store store;
  private final LongSupplier ticks;
  private final Duration shortest;
  private final Map<Name, PendingFetch> pending = new ConcurrentHashMap<>();
  private final Set<Name> refreshes = ConcurrentHashMap.newKeySet();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private volatile Runnable wake = () -> {};
  private volatile boolean failed;
  private volatile long failedAt;

  /**
   * @param admission admits or refuses an answer that is older than its namespace allows
   * @param store of the edge, whose newest change every answer must take into account
   * @param ticks a clock in nanoseconds that only measures spans
   */
  ReadThrough(
      HeldEntries held,
      Source source,
      BoundedReads admission,
      Store store,
      LongSupplier ticks,
      Limits limits) {
    this.held = held;
    this.source = source;
    this.admission = admission;
    this.store = store;
    this.ticks = ticks;
    this.shortest = limits.seconds(Limit.CACHE_TTL_SECONDS_MIN);
  }

  /** Returns the entry from memory if its copy is fresh enough and need not be refreshed soon. */
  Optional<Lookup> peek(Name name) {
    Optional<Lookup> found =
        held.find(name)
            .filter(copy -> isWithin(copy, mostOf(shortest)))
            .map(Held::lookup)
            .filter(ReadThrough::isWhole);
    if (found.isPresent()) {
      hits.increment();
    }
    return found;
  }

  private static boolean isWhole(Lookup lookup) {
    return !(lookup instanceof Lookup.Found found && found.entry().value() instanceof Omitted);
  }

  /** The feed updates each copy, so a copy is as fresh as the feed, or as its own read. */
  private boolean isWithin(Held copy, Duration bound) {
    return admission.isWithin(bound)
        || (copy.dated() && ticks.getAsLong() - copy.tick() <= bound.toNanos());
  }

  private static Duration mostOf(Duration whole) {
    return whole.multipliedBy(3).dividedBy(4);
  }

  /** Returns the entries of the keys, in their order. */
  List<Lookup> get(NamespaceId id, List<Key> keys, ReadOptions options) {
    Duration bound = options.cacheTtl().compareTo(shortest) < 0 ? shortest : options.cacheTtl();
    Source.Least least = least();
    Map<Key, Held> copies = new LinkedHashMap<>();
    List<Key> missing = new ArrayList<>();
    for (Key key : keys) {
      var name = new Name(id, key);
      Optional<Held> copy = held.find(name);
      copy.ifPresent(each -> copies.put(key, each));
      if (copy.isEmpty() || !(isWithin(copy.get(), bound) || isBackingOff())) {
        missing.add(key);
      } else if (!isWithin(copy.get(), mostOf(bound))) {
        refreshLater(name);
      }
    }
    hits.add(keys.size() - missing.size());
    misses.add(missing.size());
    Map<Key, PendingFetch> fetches = fetch(id, missing);
    List<Lookup> answers = new ArrayList<>();
    for (Key key : keys) {
      PendingFetch pendingFetch = fetches.get(key);
      Held copy = copies.get(key);
      if (pendingFetch != null) {
        answers.add(answer(id, key, pendingFetch, least, Optional.ofNullable(copy)));
      } else if (copy != null) {
        answers.add(copy.lookup());
        admit(id, copy);
      }
    }
    return answers;
  }

  /**
   * Returns the newest change of the edge. The opening is read last: it may be newer than the
   * version, but never one that the change is not part of.
   */
  private Source.Least least() {
    long epoch = store.epoch();
    Version version = store.latest();
    return new Source.Least(epoch, held.opening(), version);
  }

  private boolean isBackingOff() {
    return failed && ticks.getAsLong() - failedAt < BACKOFF.toNanos();
  }

  /**
   * Waits for the answer. A shared request may have been answered with an older version than this
   * read requires, or by another opening; then the key is requested again.
   */
  private Lookup answer(
      NamespaceId id, Key key, PendingFetch pendingFetch, Source.Least least, Optional<Held> copy) {
    try {
      Held answer = pendingFetch.await();
      return answer.opening() == least.opening()
              && answer.lookup().asOf().compareTo(least.version()) >= 0
          ? answer.lookup()
          : fetch(id, List.of(key)).values().iterator().next().await().lookup();
    } catch (IOException e) {
      Held old = copy.orElseThrow(() -> notHeld(key, e));
      admit(id, old);
      return old.lookup();
    }
  }

  private static StaleException notHeld(Key key, IOException cause) {
    return new StaleException(
        "\""
            + key
            + "\" is not held here, and the origin cannot be reached: "
            + cause.getMessage());
  }

  private void admit(NamespaceId id, Held copy) {
    if (!isWithin(copy, admission.bound(id))) {
      admission.admitStale(id);
    }
  }

  /** Requests the keys that no other read is requesting, and returns the requests of all keys. */
  private Map<Key, PendingFetch> fetch(NamespaceId id, List<Key> keys) {
    Map<Key, PendingFetch> fetches = new LinkedHashMap<>();
    Map<Key, PendingFetch> own = new LinkedHashMap<>();
    for (Key key : keys) {
      var fresh = new PendingFetch();
      PendingFetch earlier = pending.putIfAbsent(new Name(id, key), fresh);
      fetches.put(key, earlier == null ? fresh : earlier);
      if (earlier == null) {
        own.put(key, fresh);
      }
      if (own.size() == KEYS_AT_ONCE) {
        request(id, own);
        own.clear();
      }
    }
    if (!own.isEmpty()) {
      request(id, own);
    }
    return fetches;
  }

  /**
   * Removes each fetch before it completes, so that a read which needs a newer answer can retry.
   */
  private void request(NamespaceId id, Map<Key, PendingFetch> own) {
    try {
      long tick = ticks.getAsLong();
      Source.Least least = least();
      Fetch fetch = Fetch.of(source, id, List.copyOf(own.keySet()), least);
      long complete = tick - TimeUnit.NANOSECONDS.convert(fetch.age().orElse(Duration.ZERO));
      long opening = fetch.opening() == 0 ? least.opening() : fetch.opening();
      own.forEach(
          (key, pendingFetch) -> {
            var fresh = new Held(fetch.lookup(key), complete, fetch.age().isPresent(), opening);
            var name = new Name(id, key);
            held.fill(name, fresh);
            pending.remove(name, pendingFetch);
            pendingFetch.complete(fresh);
          });
      failed = false;
    } catch (IOException | SelvedgeException e) {
      failedAt = ticks.getAsLong();
      failed = true;
      fail(id, own, String.valueOf(e.getMessage()));
    } finally {
      fail(id, own, "the request could not be sent");
    }
  }

  /** Fails the fetches that are not complete. */
  private void fail(NamespaceId id, Map<Key, PendingFetch> own, String reason) {
    own.forEach(
        (key, pendingFetch) -> {
          pending.remove(new Name(id, key), pendingFetch);
          pendingFetch.fail(reason);
        });
  }

  private void refreshLater(Name name) {
    if (!isBackingOff() && refreshes.size() < REFRESHES_MAX && refreshes.add(name)) {
      wake.run();
    }
  }

  @Override
  public void wakeBy(Runnable waker) {
    wake = waker;
  }

  /** Refreshes some copies of one namespace. */
  @Override
  public Duration step() {
    Iterator<Name> next = refreshes.iterator();
    if (!next.hasNext()) {
      return IDLE;
    }
    NamespaceId id = next.next().namespace();
    List<Key> keys =
        refreshes.stream()
            .filter(name -> name.namespace().equals(id))
            .limit(KEYS_AT_ONCE)
            .map(Name::key)
            .toList();
    fetch(id, keys);
    keys.forEach(key -> refreshes.remove(new Name(id, key)));
    return Duration.ZERO;
  }

  /** Returns how many reads were answered from held copies. */
  long hits() {
    return hits.sum();
  }

  /** Returns how many reads needed the origin. */
  long misses() {
    return misses.sum();
  }
}
