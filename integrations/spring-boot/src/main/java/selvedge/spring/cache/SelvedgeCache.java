package selvedge.spring.cache;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;
import org.springframework.util.function.SingletonSupplier;
import selvedge.model.SelvedgeException;
import selvedge.patterns.Cached;
import selvedge.spring.StoreFailures;

/**
 * One of Spring's caches. Safe for use by many threads and processes.
 *
 * <p>If Spring passes a loader (with sync = true, and for methods that return a future), a value is
 * loaded once at a time, a stale value is returned while a new one is loaded, and a value can be
 * refreshed ahead.
 *
 * <p>A store that does not answer counts as one without the value. Changes that failed are
 * remembered as evictions, and made before the cache is read again.
 */
public final class SelvedgeCache implements Cache {
  private static final Log LOG = LogFactory.getLog(SelvedgeCache.class);

  private final String name;
  private final Supplier<selvedge.patterns.Cache<Object>> cache;
  private final boolean keepsMissing;
  private final PendingEvictions evictions;
  private final boolean fallsThrough;
  private final Counts counts = new Counts();

  /** The numbers of operations of a cache in this process. */
  record Counts(LongAdder hits, LongAdder misses, LongAdder puts, LongAdder evictions) {
    Counts() {
      this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  /**
   * Creates a cache without a request to the store.
   *
   * @param cache opens the cache at its first use
   * @param evictions the failed evictions of all caches
   * @param fallsThrough whether a store that does not answer counts as one without the value
   */
  SelvedgeCache(
      String name,
      Supplier<selvedge.patterns.Cache<Object>> cache,
      boolean keepsMissing,
      PendingEvictions evictions,
      boolean fallsThrough) {
    this.name = name;
    this.cache = SingletonSupplier.of(cache);
    this.keepsMissing = keepsMissing;
    this.evictions = evictions;
    this.fallsThrough = fallsThrough;
  }

  Counts counts() {
    return counts;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public selvedge.patterns.Cache<Object> getNativeCache() {
    return cache.get();
  }

  private Optional<Cached<Object>> find(Object key) {
    Optional<Cached<Object>> found =
        evictions.has(this)
            ? Optional.empty()
            : orElse(Optional.empty(), () -> cache.get().find(CacheKeys.text(key)));
    (found.isPresent() ? counts.hits() : counts.misses()).increment();
    return found;
  }

  private <T> T orElse(T fallback, Supplier<T> call) {
    try {
      return call.get();
    } catch (SelvedgeException e) {
      requireFallThrough(e);
      return fallback;
    }
  }

  private void requireFallThrough(SelvedgeException failure) {
    if (!fallsThrough || !StoreFailures.isOne(failure)) {
      throw failure;
    }
    LOG.debug("cache \"" + name + "\" goes on without its store", failure);
  }

  /** Makes a change, or remembers an eviction if it fails. */
  private void change(String key, Runnable change) {
    try {
      change.run();
    } catch (SelvedgeException e) {
      requireFallThrough(e);
      evictions.evict(this, key);
    }
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    return find(key).map(SelvedgeCache::wrapped).orElse(null);
  }

  private static ValueWrapper wrapped(Cached<Object> cached) {
    return new SimpleValueWrapper(cached.value().orElse(null));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    Object value = find(key).flatMap(Cached::value).orElse(null);
    if (value != null && type != null && !type.isInstance(value)) {
      throw new IllegalStateException(
          "under \"" + key + "\" is a " + value.getClass().getName() + ", no " + type.getName());
    }
    return (T) value;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T get(Object key, Callable<T> loader) {
    if (evictions.has(this)) {
      counts.misses().increment();
      return load(key, loader);
    }
    var loaded = new AtomicReference<@Nullable Optional<Object>>();
    try {
      Cached<Object> cached =
          cache
              .get()
              .get(
                  CacheKeys.text(key),
                  text -> {
                    Optional<Object> value = Optional.ofNullable(load(key, loader));
                    loaded.set(value);
                    return value;
                  });
      (cached.from() == Cached.From.LOADER ? counts.misses() : counts.hits()).increment();
      return (T) cached.value().orElse(null);
    } catch (SelvedgeException e) {
      requireFallThrough(e);
      counts.misses().increment();
      Optional<Object> value = loaded.get();
      if (value == null) {
        return load(key, loader);
      }
      evictions.evict(this, CacheKeys.text(key));
      return (T) value.orElse(null);
    }
  }

  private static <T> @Nullable T load(Object key, Callable<T> loader) {
    try {
      return loader.call();
    } catch (Exception e) {
      throw new ValueRetrievalException(key, loader, e);
    }
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    return CompletableFuture.supplyAsync(() -> get(key), Thread::startVirtualThread);
  }

  @Override
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return get(key, () -> loader.get().join());
          } catch (ValueRetrievalException e) {
            throw e.getCause() instanceof CompletionException failed ? failed : e;
          }
        },
        Thread::startVirtualThread);
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    counts.puts().increment();
    if (value != null) {
      change(CacheKeys.text(key), () -> cache.get().put(CacheKeys.text(key), value));
    } else if (keepsMissing) {
      change(CacheKeys.text(key), () -> cache.get().putMissing(CacheKeys.text(key)));
    } else {
      evict(key);
    }
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    if (value == null) {
      ValueWrapper there = get(key);
      if (there == null) {
        put(key, null);
      }
      return there;
    }
    Optional<Cached<Object>> there =
        orElse(Optional.empty(), () -> cache.get().putIfAbsent(CacheKeys.text(key), value));
    (there.isPresent() ? counts.hits() : counts.puts()).increment();
    return there.map(SelvedgeCache::wrapped).orElse(null);
  }

  @Override
  public void evict(Object key) {
    counts.evictions().increment();
    change(CacheKeys.text(key), () -> cache.get().invalidate(CacheKeys.text(key)));
  }

  /** Clears the cache as one change, independent of its size. */
  @Override
  public void clear() {
    try {
      cache.get().invalidatePrefix("");
    } catch (SelvedgeException e) {
      requireFallThrough(e);
      evictions.clear(this);
    }
  }
}
