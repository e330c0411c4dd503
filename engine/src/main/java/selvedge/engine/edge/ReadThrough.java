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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import selvedge.engine.cache.HeldEntries;
import selvedge.engine.cache.HeldEntries.Held;
import selvedge.engine.namespace.StalenessBounds;
import selvedge.engine.replication.Fetch;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Name;
import selvedge.engine.work.Worker;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.StaleException;
import selvedge.model.Staleness;
import selvedge.model.Version;
import selvedge.model.wire.Omitted;

/**
 * Answers reads of namespaces that are cached here: from what is held, and else from the origin.
 *
 * <p>Safe for use by many threads. Whoever needs a key that is not held asks for it, and everybody
 * else who needs it waits for that answer. The worker asks for what is about to run out.
 */
final class ReadThrough implements Worker {
  private static final int KEYS_AT_ONCE = 100;
  private static final int REFRESHES_MAX = 10_000;
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** For so long after a failure only those ask the origin who have nothing else. */
  private static final Duration REST = Duration.ofSeconds(1);

  private final HeldEntries held;
  private final Source source;
  private final Freshness freshness;
  private final StalenessBounds bounds;
  private final Supplier<Version> latest;
  private final Consumer<NamespaceId> past;
  private final LongSupplier ticks;
  private final Duration shortest;
  private final Map<Name, PendingFetch> flights = new ConcurrentHashMap<>();
  private final Set<Name> refreshes = ConcurrentHashMap.newKeySet();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private volatile Runnable wake = () -> {};
  private volatile boolean failed;
  private volatile long failedAt;

  /**
   * @param latest up to where changes have been applied here
   * @param past hears of an answer that is older than its namespace allows, and may refuse it
   */
  ReadThrough(
      HeldEntries held,
      Source source,
      Freshness freshness,
      StalenessBounds bounds,
      Supplier<Version> latest,
      Consumer<NamespaceId> past,
      LongSupplier ticks,
      Limits limits) {
    this.held = held;
    this.source = source;
    this.freshness = freshness;
    this.bounds = bounds;
    this.latest = latest;
    this.past = past;
    this.ticks = ticks;
    this.shortest = limits.seconds(Limit.CACHE_TTL_SECONDS_MIN);
  }

  /** Answers from memory what need not be asked for, and not soon either. */
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

  /** A copy that the feed keeps up to date is as old as the feed; any is as old as its reading. */
  private boolean isWithin(Held copy, Duration bound) {
    return freshness.isWithin(bound)
        || (copy.dated() && ticks.getAsLong() - copy.tick() <= bound.toNanos());
  }

  private static Duration mostOf(Duration whole) {
    return whole.multipliedBy(3).dividedBy(4);
  }

  List<Lookup> get(NamespaceId id, List<Key> keys, ReadOptions how) {
    Duration bound = how.cacheTtl().compareTo(shortest) < 0 ? shortest : how.cacheTtl();
    Version least = latest.get();
    Map<Key, Held> copies = new LinkedHashMap<>();
    List<Key> wanted = new ArrayList<>();
    for (Key key : keys) {
      var name = new Name(id, key);
      Optional<Held> copy = held.find(name);
      copy.ifPresent(each -> copies.put(key, each));
      if (copy.isEmpty() || !(isWithin(copy.get(), bound) || isResting())) {
        wanted.add(key);
      } else if (!isWithin(copy.get(), mostOf(bound))) {
        refreshLater(name);
      }
    }
    hits.add(keys.size() - wanted.size());
    misses.add(wanted.size());
    Map<Key, PendingFetch> flying = fetch(id, wanted, least);
    List<Lookup> answers = new ArrayList<>();
    for (Key key : keys) {
      PendingFetch flight = flying.get(key);
      Held copy = copies.get(key);
      if (flight != null) {
        answers.add(landed(id, key, flight, least, Optional.ofNullable(copy)));
      } else if (copy != null) {
        answers.add(copy.lookup());
        admit(id, copy);
      }
    }
    return answers;
  }

  private boolean isResting() {
    return failed && ticks.getAsLong() - failedAt < REST.toNanos();
  }

  /** A question that was on its way before may have been answered too early for this reader. */
  private Lookup landed(
      NamespaceId id, Key key, PendingFetch flight, Version least, Optional<Held> copy) {
    try {
      Lookup answer = flight.await().lookup();
      return answer.asOf().compareTo(least) >= 0
          ? answer
          : fetch(id, List.of(key), least).values().iterator().next().await().lookup();
    } catch (IOException e) {
      Held old = copy.orElseThrow(() -> notHeld(key, e));
      admit(id, old);
      return old.lookup();
    }
  }

  private static StaleException notHeld(Key key, IOException why) {
    return new StaleException(
        "\"" + key + "\" is not held here, and the origin cannot be asked: " + why.getMessage());
  }

  private void admit(NamespaceId id, Held copy) {
    Staleness staleness = bounds.of(id);
    if (!isWithin(copy, staleness.bound())) {
      past.accept(id);
    }
  }

  /** Asks for those keys for which nobody has asked yet. */
  private Map<Key, PendingFetch> fetch(NamespaceId id, List<Key> keys, Version least) {
    Map<Key, PendingFetch> flying = new LinkedHashMap<>();
    Map<Key, PendingFetch> own = new LinkedHashMap<>();
    for (Key key : keys) {
      var fresh = new PendingFetch();
      PendingFetch there = flights.putIfAbsent(new Name(id, key), fresh);
      flying.put(key, there == null ? fresh : there);
      if (there == null) {
        own.put(key, fresh);
      }
      if (own.size() == KEYS_AT_ONCE) {
        ask(id, own, least);
        own.clear();
      }
    }
    if (!own.isEmpty()) {
      ask(id, own, least);
    }
    return flying;
  }

  /** Whoever is not content with the answer must find another flight than this one. */
  private void ask(NamespaceId id, Map<Key, PendingFetch> own, Version least) {
    try {
      long tick = ticks.getAsLong();
      Fetch fetch = Fetch.of(source, id, List.copyOf(own.keySet()), least);
      long complete = tick - fetch.age().orElse(Duration.ZERO).toNanos();
      own.forEach(
          (key, flight) -> {
            var fresh = new Held(fetch.lookup(key), complete, fetch.age().isPresent());
            var name = new Name(id, key);
            held.fill(name, fresh);
            flights.remove(name, flight);
            flight.land(fresh);
          });
      failed = false;
    } catch (IOException | SelvedgeException e) {
      failedAt = ticks.getAsLong();
      failed = true;
      fail(id, own, String.valueOf(e.getMessage()));
    } finally {
      fail(id, own, "the question could not be asked");
    }
  }

  /** Changes nothing for those that have landed. */
  private void fail(NamespaceId id, Map<Key, PendingFetch> own, String why) {
    own.forEach(
        (key, flight) -> {
          flights.remove(new Name(id, key), flight);
          flight.fail(why);
        });
  }

  private void refreshLater(Name name) {
    if (!isResting() && refreshes.size() < REFRESHES_MAX && refreshes.add(name)) {
      wake.run();
    }
  }

  @Override
  public void wakeBy(Runnable given) {
    wake = given;
  }

  /** Refreshes some keys of one namespace. */
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
    fetch(id, keys, latest.get());
    keys.forEach(key -> refreshes.remove(new Name(id, key)));
    return Duration.ZERO;
  }

  /** How many reads were answered from what is held. */
  long hits() {
    return hits.sum();
  }

  /** How many reads had to ask the origin. */
  long misses() {
    return misses.sum();
  }
}
