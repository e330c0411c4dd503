package selvedge.model.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import selvedge.model.Change;

/** All changes of a namespace in memory. Safe for use by many threads. */
final class MemoryFeed {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<Change> changes = new ArrayList<>();

  void add(Change change) {
    lock.lock();
    try {
      changes.add(change);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the change with an index, and waits for it if necessary. */
  Optional<Change> at(int index, Duration patience) {
    lock.lock();
    try {
      long left = TimeUnit.NANOSECONDS.convert(patience);
      while (index >= changes.size() && left > 0) {
        left = grown.awaitNanos(left);
      }
      return index < changes.size() ? Optional.of(changes.get(index)) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
