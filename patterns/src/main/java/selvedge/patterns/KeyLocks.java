package selvedge.patterns;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A lock for each key that somebody is at, and none for the others. Safe for many threads. */
final class KeyLocks {
  private final ConcurrentHashMap<String, Counted> locks = new ConcurrentHashMap<>();

  /** A lock and how many have it or wait for it. */
  private record Counted(ReentrantLock lock, int users) {}

  ReentrantLock enter(String key) {
    return locks
        .compute(
            key,
            (same, there) ->
                there == null
                    ? new Counted(new ReentrantLock(), 1)
                    : new Counted(there.lock(), there.users() + 1))
        .lock();
  }

  void leave(String key) {
    locks.computeIfPresent(
        key,
        (same, there) -> there.users() == 1 ? null : new Counted(there.lock(), there.users() - 1));
  }
}
