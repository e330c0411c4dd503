package selvedge.engine.store.rocks;

import java.util.concurrent.ConcurrentHashMap;
import selvedge.engine.store.row.ValueId;

/**
 * Which large values are being read, so that none is freed under its reader.
 *
 * <p>Safe for use by many threads.
 */
final class Pins {
  private static final int FREED = -1;

  private final ConcurrentHashMap<ValueId, Integer> readers = new ConcurrentHashMap<>();

  /** Counts a reader in, unless the value is about to be freed. */
  boolean pin(ValueId id) {
    return readers.merge(id, 1, (count, one) -> count == FREED ? FREED : count + one) != FREED;
  }

  void unpin(ValueId id) {
    readers.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Refuses readers from now on, unless there is one. */
  boolean tryFree(ValueId id) {
    return readers.merge(id, FREED, (count, _) -> count) == FREED;
  }

  /** The chunks are deleted, so there is nothing left to refuse. */
  void forget(ValueId id) {
    readers.remove(id, FREED);
  }
}
