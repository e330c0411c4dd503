package selvedge.patterns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * A cache of values that are slow to load, in a namespace. Safe for use by many threads and
 * processes.
 *
 * <p>A key is loaded once at a time in a process, and with {@link CacheOptions#locks} once at a
 * time in all processes. The metadata of an entry has the time at which its value was made and for
 * how long it is fresh, so every process computes the same age.
 *
 * <p>An entry that cannot be read, such as one of another program or of a later release, counts as
 * missing and is reported to {@link CacheOptions#warned}.
 *
 * {@snippet class="selvedge.examples.Tour" region="cache"}
 *
 * @param <T> the type of the values
 */
public final class Cache<T> {
  private static final Duration LOAD_LEASE = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int FAILURES_MAX = 10_000;

  private final Namespace namespace;
  private final String prefix;
  private final Codec<T> codec;
  private final CacheOptions options;
  private final ConcurrentHashMap<String, Load<Cached<T>>> loads = new ConcurrentHashMap<>();

  /** The time in milliseconds before which a key whose loader failed is not loaded again. */
  private final ConcurrentHashMap<String, Long> failures = new ConcurrentHashMap<>();

  /**
   * Creates a cache of the keys with a prefix.
   *
   * @param namespace the namespace of the values
   * @param prefix the start of their keys
   * @param options lifetimes, locks and clock
   * @param codec encodes and decodes the values; an {@link InvalidRequestException} of its {@code
   *     decode} makes a value missing
   */
  public Cache(Namespace namespace, String prefix, Codec<T> codec, CacheOptions options) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.codec = codec;
    this.options = options;
  }

  /** A stored value or that there is none; fresh for the given time from when it was made. */
  private record Kept<T>(Optional<T> value, long madeAt, Duration fresh) {
    boolean missing() {
      return value.isEmpty();
    }
  }

  /** What is stored under a key, and the condition under which it still is. */
  private record Stored<T>(Optional<Kept<T>> kept, Condition unchanged) {}

  /**
   * Returns the value of a key, loading it if it is missing.
   *
   * <p>A stale value is returned at once and loaded again in the background. When that fails, the
   * stale value is returned without loading for five seconds. Threads that wait for the same load
   * receive its result or its exception. A value that was loaded but cannot be stored is returned,
   * and the failure is reported to {@link CacheOptions#warned}. A value whose key was invalidated
   * or put in this process during the load is returned and not stored.
   *
   * @param key the key without the prefix
   * @param loader returns empty if there is no value, which is stored as well; must not get the
   *     same key from this cache
   * @return the value, or that there is none, with its origin and age
   * @throws SelvedgeException if the store cannot be read
   * @throws RuntimeException the exception of the loader, if there is no stale value
   */
  public Cached<T> get(String key, Function<String, Optional<T>> loader) {
    return get(key, options.fresh(), loader);
  }

  /**
   * Returns the value of a key as {@link #get(String, Function)} does; a value that is loaded is
   * fresh for the given time in place of {@link CacheOptions#fresh}.
   *
   * @param key the key without the prefix
   * @param fresh at least one second
   * @param loader returns empty if there is no value
   * @return the value, or that there is none, with its origin and age
   * @throws InvalidRequestException if the time is less than a second
   */
  public Cached<T> get(String key, Duration fresh, Function<String, Optional<T>> loader) {
    CacheOptions.requireFresh(fresh);
    Optional<Kept<T>> kept = stored(key).kept();
    if (kept.isEmpty()) {
      return load(key, fresh, loader);
    }
    Duration age = age(kept.get());
    if (age.compareTo(kept.get().fresh()) < 0) {
      if (isToBeRefreshed(kept.get(), age) && !hasFailed(key)) {
        refresh(key, fresh, loader, kept.get());
      }
      return new Cached<>(kept.get().value(), Cached.From.CACHE, age);
    }
    if (kept.get().missing()) {
      return load(key, fresh, loader);
    }
    if (hasFailed(key)) {
      return new Cached<>(kept.get().value(), Cached.From.STALE_ON_ERROR, age);
    }
    refresh(key, fresh, loader, kept.get());
    return new Cached<>(kept.get().value(), Cached.From.STALE, age);
  }

  private boolean isToBeRefreshed(Kept<T> kept, Duration age) {
    return !kept.missing()
        && !options.ahead().isZero()
        && options.ahead().compareTo(kept.fresh()) < 0
        && age.compareTo(kept.fresh().minus(options.ahead())) >= 0;
  }

  /**
   * Returns the value of a key if it is fresh, without loading it.
   *
   * @param key the key without the prefix
   * @return empty if there is no fresh value; a stored absence of a value is an answer without one
   */
  public Optional<Cached<T>> find(String key) {
    return fresh(stored(key));
  }

  private Optional<Cached<T>> fresh(Stored<T> stored) {
    return stored
        .kept()
        .filter(kept -> age(kept).compareTo(kept.fresh()) < 0)
        .map(kept -> new Cached<>(kept.value(), Cached.From.CACHE, age(kept)));
  }

  private Duration age(Kept<T> kept) {
    return Duration.ofMillis(Math.max(0, options.clock().millis() - kept.madeAt()));
  }

  private Key key(String key) {
    return Key.of(prefix + key);
  }

  private Stored<T> stored(String key) {
    return stored(key, namespace.get(key(key)));
  }

  private Stored<T> stored(String key, Lookup lookup) {
    return lookup instanceof Lookup.Found found
        ? new Stored<>(kept(key, found.entry()), Condition.version(found.entry().version()))
        : new Stored<>(Optional.empty(), Condition.ABSENT);
  }

  /**
   * Reads the metadata {@code [1, made, present, fresh]} of form 1, and {@code [made, present]} of
   * form 0.
   */
  private Optional<Kept<T>> kept(String key, Entry entry) {
    String text = entry.metadata().toString();
    try {
      String[] parts = text.replaceAll("[\\[\\]]", "").split(",", -1);
      boolean numbered = parts.length == 4 && parts[0].equals("1");
      if (!numbered && parts.length != 2) {
        throw new InvalidRequestException(
            "the metadata " + text + " is of no cache of form 0 or 1");
      }
      long madeAt = Long.parseLong(parts[numbered ? 1 : 0]);
      boolean present = !parts[numbered ? 2 : 1].equals("0");
      Duration fresh =
          numbered
              ? Duration.ofMillis(Long.parseLong(parts[3]))
              : present ? options.fresh() : options.missing();
      Optional<T> value =
          present ? Optional.of(codec.decode(entry.value().bytes())) : Optional.empty();
      return Optional.of(new Kept<>(value, madeAt, fresh));
    } catch (NumberFormatException e) {
      options
          .warned()
          .accept(key, new InvalidRequestException("the metadata " + text + " is of no cache"));
      return Optional.empty();
    } catch (InvalidRequestException e) {
      options.warned().accept(key, e);
      return Optional.empty();
    }
  }

  private boolean hasFailed(String key) {
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
  private void refresh(
      String key, Duration fresh, Function<String, Optional<T>> loader, Kept<T> old) {
    options
        .background()
        .execute(
            () -> {
              var mine = new Load<Cached<T>>();
              if (loads.putIfAbsent(key, mine) == null) {
                try {
                  run(key, mine, fresh, loader, Optional.of(old));
                } catch (RuntimeException e) {
                  remember(key);
                  options.warned().accept(key, e);
                }
              }
            });
  }

  private Cached<T> load(String key, Duration fresh, Function<String, Optional<T>> loader) {
    var mine = new Load<Cached<T>>();
    Load<Cached<T>> there = loads.putIfAbsent(key, mine);
    if (there == null) {
      return run(key, mine, fresh, loader, Optional.empty());
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
      loads.remove(key, mine);
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
            .flatMap(locks -> locks.acquire("load/" + prefix + key, LOAD_LEASE, LOAD_LEASE));
    try {
      Stored<T> before = stored(key);
      Optional<Cached<T>> meanwhile = fresh(before);
      if (meanwhile.isPresent() && isNewer(before.kept(), old)) {
        return meanwhile.get();
      }
      Optional<T> value = loader.apply(key);
      try {
        keep(key, mine, value, fresh, before.unchanged());
      } catch (SelvedgeException e) {
        options.warned().accept(key, e);
      }
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
        namespace.put(key(key), encoded(value), options(value, fresh).condition(unchanged));
    Optional<Version> put = Update.accepted(outcome);
    if (put.isPresent() && load.isInvalidated()) {
      namespace.delete(key(key), Condition.version(put.get()));
    }
  }

  private Bytes encoded(Optional<T> value) {
    return value.map(codec::encode).orElse(Bytes.EMPTY);
  }

  private WriteOptions options(Optional<T> value, Duration fresh) {
    Duration current = value.isPresent() ? fresh : options.missing();
    return WriteOptions.PLAIN
        .expiresIn(value.isPresent() ? fresh.plus(options.stale()) : current)
        .metadata(
            Metadata.json(
                "[1,%d,%d,%d]"
                    .formatted(
                        options.clock().millis(), value.isPresent() ? 1 : 0, current.toMillis())));
  }

  /**
   * Stores a value, which is fresh for {@link CacheOptions#fresh}. A load of the key that is in
   * flight in this process does not replace it.
   *
   * @param key the key without the prefix
   * @param value the value
   */
  public void put(String key, T value) {
    put(key, value, options.fresh());
  }

  /**
   * Stores a value, which is fresh for the given time.
   *
   * @param key the key without the prefix
   * @param value the value
   * @param fresh at least one second
   * @throws InvalidRequestException if the time is less than a second
   */
  public void put(String key, T value, Duration fresh) {
    CacheOptions.requireFresh(fresh);
    put(key, Optional.of(value), fresh);
  }

  private void put(String key, Optional<T> value, Duration fresh) {
    Optional.ofNullable(loads.get(key)).ifPresent(Load::invalidate);
    if (value.isPresent() || !options.missing().isZero()) {
      namespace.put(key(key), encoded(value), options(value, fresh));
    }
  }

  /**
   * Stores that a key has no value, for {@link CacheOptions#missing}.
   *
   * @param key the key without the prefix
   */
  public void putMissing(String key) {
    put(key, Optional.empty(), options.missing());
  }

  /**
   * Stores a value unless the key has a fresh one, by compare-and-set across all processes.
   *
   * @param key the key without the prefix
   * @param value the value
   * @return the fresh value in place, or empty if the given value was stored
   */
  public Optional<Cached<T>> putIfAbsent(String key, T value) {
    return Update.run(
        namespace,
        key(key),
        current -> {
          Optional<Cached<T>> there =
              fresh(new Stored<>(current.flatMap(entry -> kept(key, entry)), Condition.ALWAYS));
          Optional<T> put = Optional.of(value);
          return there.isPresent()
              ? Update.Decision.leave(there)
              : Update.Decision.put(encoded(put), options(put, options.fresh()), there);
        });
  }

  /**
   * Removes the value of a key, if there is one.
   *
   * <p>A load of the key that is in flight in this process is not stored. A load in another process
   * is not stored if it replaces a value that was in place.
   *
   * @param key the key without the prefix
   */
  public void invalidate(String key) {
    Optional.ofNullable(loads.get(key)).ifPresent(Load::invalidate);
    namespace.delete(prefix + key);
  }

  /**
   * Removes all values whose keys have a prefix, however many there are, as one change. Loads that
   * are in flight in this process are not stored.
   *
   * @param start the start of the keys without the prefix of the cache; empty for all keys
   */
  public void invalidatePrefix(String start) {
    loads.forEach(
        (key, load) -> {
          if (key.startsWith(start)) {
            load.invalidate();
          }
        });
    namespace.clear(prefix + start);
  }

  /**
   * Loads the keys that have no fresh value, in one call of the loader.
   *
   * @param keys the keys without the prefix
   * @param loader receives the keys without a fresh value and returns the values that exist
   * @return the number of values that were loaded
   */
  public int warm(Collection<String> keys, Function<List<String>, Map<String, T>> loader) {
    List<String> all = List.copyOf(keys);
    List<String> missing = new ArrayList<>();
    List<Lookup> found =
        namespace.getAll(all.stream().map(key -> Key.of(prefix + key)).toList(), ReadOptions.PLAIN);
    for (int i = 0; i < all.size(); i++) {
      if (fresh(stored(all.get(i), found.get(i))).isEmpty()) {
        missing.add(all.get(i));
      }
    }
    if (missing.isEmpty()) {
      return 0;
    }
    Map<String, T> loaded = new LinkedHashMap<>(loader.apply(missing));
    loaded.forEach(this::put);
    return loaded.size();
  }
}
