package selvedge.patterns;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The values that were used last, by name, up to a total weight. Safe for use by many threads; a
 * hit takes no lock.
 *
 * <p>There are two generations. A value that is used belongs to the young one. When the young one
 * has half of the weight, it becomes the old one, and the values that were still old are dropped.
 *
 * @param <V> the type of the values
 */
final class RecentValues<V> {
  private final long weightMost;
  private final ReentrantLock turning = new ReentrantLock();
  private volatile Generations<V> generations = new Generations<>(new Part<>(), new Part<>());

  private record Weighed<V>(V value, long weight) {}

  private record Part<V>(ConcurrentHashMap<String, Weighed<V>> values, AtomicLong weight) {
    Part() {
      this(new ConcurrentHashMap<>(), new AtomicLong());
    }
  }

  private record Generations<V>(Part<V> young, Part<V> old) {}

  /** Creates an empty map. A single value may have half of the total weight. */
  RecentValues(long weightMost) {
    this.weightMost = weightMost;
  }

  Optional<V> find(String name) {
    Generations<V> current = generations;
    Weighed<V> young = current.young().values().get(name);
    if (young != null) {
      return Optional.of(young.value());
    }
    Weighed<V> old = current.old().values().get(name);
    if (old == null) {
      return Optional.empty();
    }
    put(name, old.value(), old.weight());
    return Optional.of(old.value());
  }

  /** Stores a value, unless it is too heavy. */
  void put(String name, V value, long weight) {
    if (weight > weightMost / 2) {
      return;
    }
    Part<V> young = generations.young();
    Weighed<V> before = young.values().put(name, new Weighed<>(value, weight));
    long added = before == null ? weight : weight - before.weight();
    if (young.weight().addAndGet(added) > weightMost / 2) {
      turn();
    }
  }

  private void turn() {
    turning.lock();
    try {
      Part<V> full = generations.young();
      if (full.weight().get() > weightMost / 2) {
        generations = new Generations<>(new Part<>(), full);
      }
    } finally {
      turning.unlock();
    }
  }
}
