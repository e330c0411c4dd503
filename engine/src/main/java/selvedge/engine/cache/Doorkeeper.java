package selvedge.engine.cache;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Admits a name to a cache at its second read within a while. Approximate: names share places, and
 * a thread may overwrite the record of another. Safe for use by many threads.
 */
final class Doorkeeper {
  private static final int PLACES = 1 << 16;
  private static final int SPREAD = 0x9e3779b9;

  private final AtomicIntegerArray recorded = new AtomicIntegerArray(PLACES);

  /** Records the name and returns whether it was already recorded. */
  boolean recordAgain(Object name) {
    int hash = name.hashCode() * SPREAD;
    int place = hash >>> 16;
    if (recorded.getOpaque(place) == hash) {
      return true;
    }
    recorded.setOpaque(place, hash);
    return false;
  }
}
