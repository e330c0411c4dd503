package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import selvedge.model.Condition;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.patterns.CacheEntries.Kept;
import selvedge.patterns.CacheEntries.Stored;

/**
 * The loads of a cache: each key is loaded once at a time in this process, and with locks in all
 * processes. Safe for use by many threads.
 *
 * @param <T> the type of the values
 */
final class CacheLoads<T> {
  private static final Duration LOAD_LEASE = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int FAILURES_MAX = 10_000;

  private final Namespace namespace;
  private final CacheEntries<T> entries;
  private final CacheOptions options;
  private final ConcurrentHashMap<String, Load<Cached<T>>> loads = new ConcurrentHashMap<>();

  /** The time in milliseconds before which a key whose loader failed is not loaded again. */
  private final ConcurrentHashMap<String, Long> failures = new ConcurrentHashMap<>();

  CacheLoads(Namespace namespace, CacheEntries<T> entries) {
    this.namespace = namespace;
    this.entries = entries;
    this.options = entries.options();
  }

  Stored<T> stored(String key) {
    return entries.stored(key, namespace);
  }

  /** Registers a load, and returns false if another one of the key is in flight. */
  boolean begin(String key, Load<Cached<T>> load) {
    return loads.putIfAbsent(key, load) == null;
  }

  void end(String key, Load<Cached<T>> load) {
    loads.remove(key, load);
  }

  /** The load of a key that is in flight will not be stored. */
  void invalidate(String key) {
    Optional.ofNullable(loads.get(key)).ifPresent(Load::invalidate);
  }

  void invalidatePrefix(String start) {
    loads.forEach(
        (key, load) -> {
          if (key.startsWith(start)) {
            load.invalidate();
          }
        });
  }

  /** Returns whether a load of the key in the background has failed a moment ago. */
  boolean hasFailed(String key) {
    Long until = failures.get(key);
    return until != null && options.clock().millis() < until;
  }

  private void remember(String key) {
    if (failures.size() >= FAILURES_MAX) {
      failures.clear();
    }
    failures.put(key, options.clock().millis() + RETRY_AFTER.toMillis());
  }

  /** Loads in the background, unless a load of the key is in flight in this process. */
  void refresh(String key, Duration fresh, Function<String, Optional<T>> loader, Kept<T> old) {
    options
        .background()
        .execute(
            () -> {
              var mine = new Load<Cached<T>>();
              if (begin(key, mine)) {
                try {
                  run(key, mine, fresh, loader, Optional.of(old));
                } catch (RuntimeException e) {
                  remember(key);
                  options.warned().accept(key, e);
                }
              }
            });
  }

  /** Loads, or waits for the load of the key that is in flight in this process. */
  Cached<T> load(
      String key, Duration fresh, Function<String, Optional<T>> loader, Optional<Kept<T>> old) {
    var mine = new Load<Cached<T>>();
    Load<Cached<T>> there = loads.putIfAbsent(key, mine);
    if (there == null) {
      return run(key, mine, fresh, loader, old);
    }
    Cached<T> loaded = there.await(key);
    return new Cached<>(loaded.value(), Cached.From.CACHE, loaded.age());
  }

  private Cached<T> run(
      String key,
      Load<Cached<T>> mine,
      Duration fresh,
      Function<String, Optional<T>> loader,
      Optional<Kept<T>> old) {
    try {
      Cached<T> loaded = loadWithLease(key, mine, fresh, loader, old);
      failures.remove(key);
      mine.succeed(loaded);
      return loaded;
    } catch (Throwable e) {
      mine.fail(e);
      throw e;
    } finally {
      end(key, mine);
    }
  }

  private Cached<T> loadWithLease(
      String key,
      Load<Cached<T>> mine,
      Duration fresh,
      Function<String, Optional<T>> loader,
      Optional<Kept<T>> old) {
    Optional<Lease> lease =
        options
            .locks()
            .flatMap(
                locks -> locks.acquire("load/" + entries.prefix() + key, LOAD_LEASE, LOAD_LEASE));
    try {
      Stored<T> before = stored(key);
      Optional<Cached<T>> meanwhile = entries.fresh(before);
      if (meanwhile.isPresent() && isNewer(before.kept(), old)) {
        return meanwhile.get();
      }
      Optional<T> value = loader.apply(key);
      keepOrWarn(key, mine, value, fresh, before.unchanged());
      return new Cached<>(value, Cached.From.LOADER, Duration.ZERO);
    } finally {
      lease.ifPresent(held -> release(key, held));
    }
  }

  private boolean isNewer(Optional<Kept<T>> now, Optional<Kept<T>> old) {
    return now.isPresent() && (old.isEmpty() || now.get().madeAt() > old.get().madeAt());
  }

  /** The lease ends by itself, so a failing release must not replace the result of a load. */
  private void release(String key, Lease held) {
    try {
      options.locks().ifPresent(locks -> locks.release(held));
    } catch (SelvedgeException e) {
      options.warned().accept(key, e);
    }
  }

  void keepOrWarn(
      String key, Load<Cached<T>> load, Optional<T> value, Duration fresh, Condition unchanged) {
    try {
      keep(key, load, value, fresh, unchanged);
    } catch (SelvedgeException e) {
      options.warned().accept(key, e);
    }
  }

  /**
   * Stores what was loaded if the entry is as it was before the load. An invalidation marks the
   * load before it deletes the entry, so the second check sees one that the first has missed.
   */
  private void keep(
      String key, Load<Cached<T>> load, Optional<T> value, Duration fresh, Condition unchanged) {
    if (load.isInvalidated() || (value.isEmpty() && options.missing().isZero())) {
      return;
    }
    Outcome outcome =
        namespace.put(
            entries.key(key),
            entries.encoded(value),
            entries.writeOptions(value, fresh).condition(unchanged));
    if (outcome instanceof Outcome.Accepted(Version put) && load.isInvalidated()) {
      namespace.delete(entries.key(key), Condition.version(put));
    }
  }
}
