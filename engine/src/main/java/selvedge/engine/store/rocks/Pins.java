package selvedge.engine.store.rocks;

import java.util.concurrent.ConcurrentHashMap;
import selvedge.engine.store.row.ValueId;

/**
 * The large values that are being read, which must not be freed.
 *
 * <p>Safe for use by many threads.
 */
final class Pins {
  private static final int FREED = -1;

  private final ConcurrentHashMap<ValueId, Integer> readers = new ConcurrentHashMap<>();

  /** Adds a reader and returns true, unless the value is being freed. */
  boolean pin(ValueId id) {
    return readers.merge(id, 1, (count, one) -> count == FREED ? FREED : count + one) != FREED;
  }

  void unpin(ValueId id) {
    readers.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Refuses readers from now on and returns true, unless there is a reader. */
  boolean tryFree(ValueId id) {
    return readers.merge(id, FREED, (count, _) -> count) == FREED;
  }

  /** Forgets the value after its chunks were deleted. */
  void forget(ValueId id) {
    readers.remove(id, FREED);
  }
}
