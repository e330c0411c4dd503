package selvedge.patterns;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import selvedge.model.Codec;
import selvedge.model.Condition;
import selvedge.model.InvalidRequestException;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Update;
import selvedge.patterns.CacheEntries.Kept;
import selvedge.patterns.CacheEntries.Stored;

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
 * {@snippet class="selvedge.examples.CacheProgram" region="cache"}
 *
 * @param <T> the type of the values
 */
public final class Cache<T> {
  private final Namespace namespace;
  private final String prefix;
  private final CacheOptions options;
  private final CacheEntries<T> entries;
  private final CacheLoads<T> loads;

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
    this.options = options;
    this.entries = new CacheEntries<>(prefix, codec, options);
    this.loads = new CacheLoads<>(namespace, entries);
  }

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
      return loads.load(key, fresh, loader, Optional.empty());
    }
    Duration age = entries.age(kept.get());
    if (age.compareTo(kept.get().fresh()) < 0) {
      if (isToBeRefreshed(kept.get(), age) && !loads.hasFailed(key)) {
        loads.refresh(key, fresh, loader, kept.get());
      }
      return new Cached<>(kept.get().value(), Cached.From.CACHE, age);
    }
    if (kept.get().missing()) {
      return loads.load(key, fresh, loader, Optional.empty());
    }
    if (loads.hasFailed(key)) {
      return new Cached<>(kept.get().value(), Cached.From.STALE_ON_ERROR, age);
    }
    loads.refresh(key, fresh, loader, kept.get());
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
    return entries.fresh(stored(key));
  }

  private Stored<T> stored(String key) {
    return loads.stored(key);
  }

  /**
   * Loads the value of a key now and stores it, however fresh the stored value is. A load of the
   * key that is in flight in this process is shared.
   *
   * @param key the key without the prefix
   * @param loader returns empty if there is no value; must not get the same key from this cache
   * @return the loaded value, or that there is none
   * @throws SelvedgeException if the store cannot be read
   * @throws RuntimeException the exception of the loader; the stored value is kept
   */
  public Cached<T> refresh(String key, Function<String, Optional<T>> loader) {
    return refresh(key, options.fresh(), loader);
  }

  /**
   * Loads the value of a key now and stores it as {@link #refresh(String, Function)} does; the
   * value is fresh for the given time in place of {@link CacheOptions#fresh}.
   *
   * @param key the key without the prefix
   * @param fresh at least one second
   * @param loader returns empty if there is no value; must not get the same key from this cache
   * @return the loaded value, or that there is none
   * @throws InvalidRequestException if the time is less than a second
   */
  public Cached<T> refresh(String key, Duration fresh, Function<String, Optional<T>> loader) {
    CacheOptions.requireFresh(fresh);
    return loads.load(key, fresh, loader, stored(key).kept());
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
    loads.invalidate(key);
    if (value.isPresent() || !options.missing().isZero()) {
      namespace.put(entries.key(key), entries.encoded(value), entries.writeOptions(value, fresh));
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
        entries.key(key),
        current -> {
          Optional<Cached<T>> there =
              entries.fresh(
                  new Stored<>(
                      current.flatMap(entry -> entries.kept(key, entry)), Condition.ALWAYS));
          Optional<T> put = Optional.of(value);
          return there.isPresent()
              ? Update.Decision.leave(there)
              : Update.Decision.put(
                  entries.encoded(put), entries.writeOptions(put, options.fresh()), there);
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
    loads.invalidate(key);
    namespace.delete(prefix + key);
  }

  /**
   * Removes all values whose keys have a prefix, however many there are, as one change. Loads that
   * are in flight in this process are not stored.
   *
   * @param start the start of the keys without the prefix of the cache; empty for all keys
   */
  public void invalidatePrefix(String start) {
    loads.invalidatePrefix(start);
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
    return warm(keys, Integer.MAX_VALUE, loader);
  }

  /**
   * Loads some of the keys that have no fresh value, in one call of the loader. The next call loads
   * further ones, until it returns 0 or no key without a value is left.
   *
   * <p>A key that another thread of this process loads at the moment is left to it. A value whose
   * key is invalidated or put in this process meanwhile is not stored.
   *
   * @param keys the keys without the prefix, the most important ones first
   * @param limit the greatest number of keys that the loader receives, at least 1
   * @param loader receives the keys without a fresh value and returns the values that exist
   * @return the number of values that were loaded
   * @throws InvalidRequestException if the limit is less than 1
   */
  public int warm(
      Collection<String> keys, int limit, Function<List<String>, Map<String, T>> loader) {
    if (limit < 1) {
      throw new InvalidRequestException("limit must be at least 1, got " + limit);
    }
    Map<String, Warming<T>> warming = toBeWarmed(keys, limit);
    if (warming.isEmpty()) {
      return 0;
    }
    try {
      Map<String, T> loaded = loader.apply(List.copyOf(warming.keySet()));
      warming.forEach(
          (key, begun) -> {
            Optional<T> value = Optional.ofNullable(loaded.get(key));
            if (value.isPresent()) {
              loads.keepOrWarn(key, begun.load(), value, options.fresh(), begun.unchanged());
            }
            begun.load().succeed(new Cached<>(value, Cached.From.LOADER, Duration.ZERO));
          });
      return Math.toIntExact(warming.keySet().stream().filter(loaded::containsKey).count());
    } catch (Throwable e) {
      warming.values().forEach(begun -> begun.load().fail(e));
      throw e;
    } finally {
      warming.forEach((key, begun) -> loads.end(key, begun.load()));
    }
  }

  /** A load of a key in {@link #warm}, and the condition under which its value is stored. */
  private record Warming<T>(Load<Cached<T>> load, Condition unchanged) {}

  private Map<String, Warming<T>> toBeWarmed(Collection<String> keys, int limit) {
    List<String> all = List.copyOf(new LinkedHashSet<>(keys));
    List<Lookup> found =
        namespace.getAll(all.stream().map(entries::key).toList(), ReadOptions.PLAIN);
    Map<String, Warming<T>> warming = new LinkedHashMap<>();
    for (int i = 0; i < all.size() && warming.size() < limit; i++) {
      Stored<T> stored = entries.stored(all.get(i), found.get(i));
      var load = new Load<Cached<T>>();
      if (entries.fresh(stored).isEmpty() && loads.begin(all.get(i), load)) {
        warming.put(all.get(i), new Warming<>(load, stored.unchanged()));
      }
    }
    return warming;
  }
}
