package selvedge.patterns;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Update;
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
 * {@snippet class="selvedge.examples.CacheProgram" region="cache"}
 *
 * @param <T> the type of the values
 */
public final class Cache<T> {
  private static final Duration LOAD_LEASE = Duration.ofSeconds(30);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int FAILURES_MAX = 10_000;
  private static final Pattern FORM_0 = Pattern.compile("\\[(\\d{1,18}),([01])\\]");

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
      return load(key, fresh, loader, Optional.empty());
    }
    Duration age = age(kept.get());
    if (age.compareTo(kept.get().fresh()) < 0) {
      if (isToBeRefreshed(kept.get(), age) && !hasFailed(key)) {
        refresh(key, fresh, loader, kept.get());
      }
      return new Cached<>(kept.get().value(), Cached.From.CACHE, age);
    }
    if (kept.get().missing()) {
      return load(key, fresh, loader, Optional.empty());
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

  private Optional<Kept<T>> kept(String key, Entry entry) {
    try {
      Optional<Form> form = Form.read(entry.metadata());
      Kept<T> kept =
          form.isPresent()
              ? new Kept<>(
                  value(entry, form.get().isTrue("present")),
                  form.get().number("made"),
                  Duration.ofMillis(form.get().number("fresh")))
              : keptOfForm0(entry);
      return Optional.of(kept);
    } catch (InvalidRequestException e) {
      options.warned().accept(key, e);
      return Optional.empty();
    }
  }

  private Optional<T> value(Entry entry, boolean present) {
    return present ? Optional.of(codec.decode(entry.value().bytes())) : Optional.empty();
  }

  /** The metadata of form 0 is {@code [made, present]}, with numbers. */
  private Kept<T> keptOfForm0(Entry entry) {
    String metadata = entry.metadata().toString();
    Matcher numbers = FORM_0.matcher(metadata);
    if (!numbers.matches()) {
      throw new InvalidRequestException(
          "the metadata \"" + metadata + "\" is of no cache of form 0 or 1");
    }
    boolean present = numbers.group(2).equals("1");
    return new Kept<>(
        value(entry, present),
        Long.parseLong(numbers.group(1)),
        present ? options.fresh() : options.missing());
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
    return load(key, fresh, loader, stored(key).kept());
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

  private Cached<T> load(
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

  private void keepOrWarn(
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
        namespace.put(key(key), encoded(value), options(value, fresh).condition(unchanged));
    if (outcome instanceof Outcome.Accepted(Version put) && load.isInvalidated()) {
      namespace.delete(key(key), Condition.version(put));
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
            new Form()
                .with("made", options.clock().millis())
                .with("present", value.isPresent())
                .with("fresh", current.toMillis())
                .metadata());
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
              keepOrWarn(key, begun.load(), value, options.fresh(), begun.unchanged());
            }
            begun.load().succeed(new Cached<>(value, Cached.From.LOADER, Duration.ZERO));
          });
      return Math.toIntExact(warming.keySet().stream().filter(loaded::containsKey).count());
    } catch (Throwable e) {
      warming.values().forEach(begun -> begun.load().fail(e));
      throw e;
    } finally {
      warming.forEach((key, begun) -> loads.remove(key, begun.load()));
    }
  }

  /** A load of a key in {@link #warm}, and the condition under which its value is stored. */
  private record Warming<T>(Load<Cached<T>> load, Condition unchanged) {}

  private Map<String, Warming<T>> toBeWarmed(Collection<String> keys, int limit) {
    List<String> all = List.copyOf(new LinkedHashSet<>(keys));
    List<Lookup> found = namespace.getAll(all.stream().map(this::key).toList(), ReadOptions.PLAIN);
    Map<String, Warming<T>> warming = new LinkedHashMap<>();
    for (int i = 0; i < all.size() && warming.size() < limit; i++) {
      Stored<T> stored = stored(all.get(i), found.get(i));
      var load = new Load<Cached<T>>();
      if (fresh(stored).isEmpty() && loads.putIfAbsent(all.get(i), load) == null) {
        warming.put(all.get(i), new Warming<>(load, stored.unchanged()));
      }
    }
    return warming;
  }
}
