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
 * Evictions that could not be made, and are made before the caches are read again. Safe for use by
 * many threads.
 *
 * <p>A put that could not be made is an eviction here, too: another process may have written a
 * newer value since. Past the bound, whole caches are cleared in place of their keys.
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
   * An eviction of a key, or of everything in a cache.
   *
   * @param key as the store has it; empty for the whole cache
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

  /** Returns whether a cache must not be read, because an eviction of it is still to be made. */
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
      // An empty key cannot be told from a clear, which includes it.
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

  /** Makes what is pending, and returns whether nothing is left of it. */
  private boolean makeAll() {
    for (Map.Entry<Eviction, Long> next : Map.copyOf(pending).entrySet()) {
      try {
        next.getKey().make();
      } catch (SelvedgeException e) {
        return false;
      }
      // One that was added again meanwhile stays.
      pending.remove(next.getKey(), next.getValue());
    }
    return pending.isEmpty();
  }

  /** Tries once more, and logs what could not be made. */
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
