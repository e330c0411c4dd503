package selvedge.spring.cache;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import selvedge.model.SelvedgeException;

/**
 * Evictions that failed. They are made before the caches are read again. Safe for use by many
 * threads.
 *
 * <p>A put that failed becomes an eviction, too, because another process may have written a newer
 * value since. Past the bound, whole caches are cleared instead of single keys.
 */
final class PendingEvictions {
  private static final Log LOG = LogFactory.getLog(PendingEvictions.class);
  private static final Duration RETRY = Duration.ofMillis(250);

  private final int max;
  private final Map<Eviction, Long> pending = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * An eviction of a key, or of a whole cache.
   *
   * @param key the key in the store; empty for the whole cache
   */
  private record Eviction(SelvedgeCache cache, String key) {
    boolean isClear() {
      return key.isEmpty();
    }

    void make() {
      if (isClear()) {
        cache.getNativeCache().invalidatePrefix("");
      } else {
        cache.getNativeCache().invalidate(key);
      }
    }
  }

  PendingEvictions(int max) {
    this.max = max;
  }

  /** Returns whether a cache must not be read, because one of its evictions is pending. */
  boolean has(SelvedgeCache cache) {
    return !pending.isEmpty()
        && pending.keySet().stream().anyMatch(eviction -> eviction.cache() == cache);
  }

  int size() {
    return pending.size();
  }

  void evict(SelvedgeCache cache, String key) {
    if (!pending.containsKey(new Eviction(cache, ""))) {
      if (pending.size() >= max) {
        clear(cache);
        return;
      }
      // An empty key looks like a clear, which includes it.
      add(new Eviction(cache, key));
    }
  }

  void clear(SelvedgeCache cache) {
    add(new Eviction(cache, ""));
    pending.keySet().removeIf(eviction -> eviction.cache() == cache && !eviction.isClear());
  }

  private void add(Eviction eviction) {
    pending.put(eviction, numbers.incrementAndGet());
    if (!closed && running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("selvedge-evictions").start(this::run);
    }
  }

  private void run() {
    do {
      try {
        while (!closed && !makeAll()) {
          Thread.sleep(RETRY);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        running.set(false);
      }
    } while (!closed && !pending.isEmpty() && running.compareAndSet(false, true));
  }

  /** Makes the pending evictions, and returns whether none is left. */
  private boolean makeAll() {
    for (Map.Entry<Eviction, Long> next : Map.copyOf(pending).entrySet()) {
      try {
        next.getKey().make();
      } catch (SelvedgeException e) {
        return false;
      }
      // An eviction that was added again meanwhile remains pending.
      pending.remove(next.getKey(), next.getValue());
    }
    return pending.isEmpty();
  }

  /** Tries the pending evictions once more, and logs those that failed. */
  void close() {
    closed = true;
    if (!pending.isEmpty() && !makeAll()) {
      Map<String, Integer> left = new TreeMap<>();
      pending.keySet().forEach(eviction -> left.merge(eviction.cache().getName(), 1, Integer::sum));
      left.forEach(
          (cache, count) ->
              LOG.error(
                  "cache \""
                      + cache
                      + "\": "
                      + count
                      + " evictions could not be made; old values may be read until their time to"
                      + " live ends"));
    }
  }
}
