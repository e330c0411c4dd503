package selvedge.patterns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.Get;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Put;

/**
 * Values that are slow to come by, kept for a while. Safe for use by many threads and processes.
 *
 * <p>The moment of its making lies in a value's metadata, so every process knows how old it is.
 *
 * {@snippet class="selvedge.examples.Tour" region="cache"}
 *
 * @param <T> the type of the values
 */
public final class Cache<T> {
  private static final Duration LOAD_LEASE = Duration.ofSeconds(30);

  private final Namespace namespace;
  private final String prefix;
  private final Codec<T> codec;
  private final CacheOptions options;
  private final KeyLocks loading = new KeyLocks();

  public Cache(Namespace namespace, String prefix, Codec<T> codec, CacheOptions options) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.codec = codec;
    this.options = options;
  }

  /** Something that was kept, fresh or not. */
  private record Kept<T>(Optional<T> value, long madeAt, boolean missing) {}

  /**
   * Returns what is kept under the key, or what the loader makes of it.
   *
   * @param loader returns empty when there is no value, which is kept, too
   */
  public Cached<T> get(String key, Function<String, Optional<T>> loader) {
    Optional<Kept<T>> kept = kept(key);
    if (kept.isEmpty()) {
      return load(key, loader, kept);
    }
    Duration age = age(kept.get());
    Duration fresh = freshness(kept.get());
    if (age.compareTo(fresh) >= 0) {
      if (kept.get().missing()) {
        return load(key, loader, Optional.empty());
      }
      refresh(key, loader, kept);
      return new Cached<>(kept.get().value(), Cached.From.STALE, age);
    }
    if (isToBeRefreshed(kept.get(), age)) {
      refresh(key, loader, kept);
    }
    return new Cached<>(kept.get().value(), Cached.From.CACHE, age);
  }

  private boolean isToBeRefreshed(Kept<T> kept, Duration age) {
    return !kept.missing()
        && !options.ahead().isZero()
        && age.compareTo(options.fresh().minus(options.ahead())) >= 0;
  }

  /** Returns what is kept under the key, if it is not too old; loads nothing. */
  public Optional<Cached<T>> find(String key) {
    return fresh(kept(key));
  }

  private Optional<Cached<T>> fresh(Optional<Kept<T>> found) {
    return found.filter(this::isFresh).map(kept -> answer(kept, Cached.From.CACHE));
  }

  private Duration age(Kept<T> kept) {
    return Duration.ofMillis(Math.max(0, options.clock().millis() - kept.madeAt()));
  }

  private Cached<T> answer(Kept<T> kept, Cached.From from) {
    return new Cached<>(kept.value(), from, age(kept));
  }

  private Duration freshness(Kept<T> kept) {
    return kept.missing() ? options.missing() : options.fresh();
  }

  private Optional<Kept<T>> kept(String key) {
    return kept(namespace.get(Key.of(prefix + key)));
  }

  private Optional<Kept<T>> kept(Lookup lookup) {
    return lookup instanceof Lookup.Found found ? kept(found.entry()) : Optional.empty();
  }

  /** What cannot be read, such as what another release of a program has put, is not there. */
  private Optional<Kept<T>> kept(Entry entry) {
    String[] metadata = entry.metadata().toString().replaceAll("[\\[\\]]", "").split(",", -1);
    try {
      boolean missing = metadata.length > 1 && metadata[1].equals("0");
      long madeAt = Long.parseLong(metadata[0]);
      return Optional.of(
          new Kept<>(
              missing ? Optional.empty() : Optional.of(codec.decode(entry.value().bytes())),
              madeAt,
              missing));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("\"" + entry.key() + "\" was not put by a cache");
    } catch (InvalidRequestException e) {
      options.warned().accept(entry.key().name().substring(prefix.length()), e);
      return Optional.empty();
    }
  }

  /** Loads in the background, unless somebody here does so already. */
  private void refresh(String key, Function<String, Optional<T>> loader, Optional<Kept<T>> old) {
    options
        .background()
        .execute(
            () -> {
              ReentrantLock lock = loading.enter(key);
              try {
                if (lock.tryLock()) {
                  try {
                    if (!isNewer(kept(key), old)) {
                      loadAndKeep(key, loader, old);
                    }
                  } finally {
                    lock.unlock();
                  }
                }
              } finally {
                loading.leave(key);
              }
            });
  }

  /** Whether somebody has loaded it since. */
  private boolean isNewer(Optional<Kept<T>> now, Optional<Kept<T>> old) {
    return now.isPresent() && (old.isEmpty() || now.get().madeAt() > old.get().madeAt());
  }

  /** One thread loads, and the others find what it has kept. */
  private Cached<T> load(
      String key, Function<String, Optional<T>> loader, Optional<Kept<T>> before) {
    ReentrantLock lock = loading.enter(key);
    lock.lock();
    try {
      Optional<Cached<T>> meanwhile = find(key);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      return loadAndKeep(key, loader, before);
    } finally {
      lock.unlock();
      loading.leave(key);
    }
  }

  private boolean isFresh(Kept<T> kept) {
    return age(kept).compareTo(freshness(kept)) < 0;
  }

  private Cached<T> loadAndKeep(
      String key, Function<String, Optional<T>> loader, Optional<Kept<T>> old) {
    Optional<Lease> lease =
        options
            .locks()
            .flatMap(locks -> locks.acquire("load/" + prefix + key, LOAD_LEASE, LOAD_LEASE));
    try {
      if (lease.isPresent()) {
        Optional<Cached<T>> elsewhere = find(key);
        if (elsewhere.isPresent()) {
          return elsewhere.get();
        }
      }
      Optional<T> value = loader.apply(key);
      keep(key, value);
      return new Cached<>(value, Cached.From.LOADER, Duration.ZERO);
    } catch (RuntimeException e) {
      if (old.isEmpty()) {
        throw e;
      }
      options.warned().accept(key, e);
      return answer(old.get(), Cached.From.STALE_ON_ERROR);
    } finally {
      lease.ifPresent(held -> options.locks().ifPresent(locks -> locks.release(held)));
    }
  }

  private void keep(String key, Optional<T> value) {
    if (value.isPresent() || !options.missing().isZero()) {
      namespace.put(Key.of(prefix + key), encoded(value), how(value));
    }
  }

  private Bytes encoded(Optional<T> value) {
    return value.map(codec::encode).orElse(Bytes.EMPTY);
  }

  private Put how(Optional<T> value) {
    return Put.expiresIn(
            value.isPresent() ? options.fresh().plus(options.stale()) : options.missing())
        .metadata(
            Metadata.json(
                "[" + options.clock().millis() + "," + (value.isPresent() ? 1 : 0) + "]"));
  }

  public void put(String key, T value) {
    keep(key, Optional.of(value));
  }

  /** Keeps that there is nothing. */
  public void putMissing(String key) {
    keep(key, Optional.empty());
  }

  /**
   * Puts a value unless there is one that is not too old, in any process.
   *
   * @return the one that is there, and stays
   */
  public Optional<Cached<T>> putIfAbsent(String key, T value) {
    return Update.run(
        namespace,
        Key.of(prefix + key),
        current -> {
          Optional<Cached<T>> there = fresh(current.flatMap(this::kept));
          Optional<T> put = Optional.of(value);
          return there.isPresent()
              ? Update.Decision.leave(there)
              : Update.Decision.put(encoded(put), how(put), there);
        });
  }

  public void invalidate(String key) {
    namespace.delete(prefix + key);
  }

  /** Forgets all keys with the prefix, however many there are, as one change. */
  public void invalidatePrefix(String start) {
    namespace.clear(prefix + start);
  }

  /**
   * Loads those of the keys that are not there or too old, all at once.
   *
   * @param loader is given what is missing, and returns what there is of it
   * @return how many were loaded
   */
  public int warm(Collection<String> keys, Function<List<String>, Map<String, T>> loader) {
    List<String> all = List.copyOf(keys);
    List<String> missing = new ArrayList<>();
    List<Lookup> found =
        namespace.getAll(all.stream().map(key -> Key.of(prefix + key)).toList(), Get.PLAIN);
    for (int i = 0; i < all.size(); i++) {
      if (kept(found.get(i)).filter(this::isFresh).isEmpty()) {
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
