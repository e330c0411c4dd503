package selvedge.engine.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counter for events that are too frequent for an atomic addition. Safe for use by many threads.
 * If two threads use the same place at once, one event may not be counted.
 */
final class Tally {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PLACES = 64;

  /** The distance between places: a cache line, so that threads do not slow each other down. */
  private static final int STRIDE = 8;

  private final long[] counts = new long[PLACES * STRIDE];

  void add() {
    int place = ((int) Thread.currentThread().threadId() & (PLACES - 1)) * STRIDE;
    COUNT.setOpaque(counts, place, (long) COUNT.getOpaque(counts, place) + 1);
  }

  long sum() {
    long sum = 0;
    for (int place = 0; place < counts.length; place += STRIDE) {
      sum += (long) COUNT.getOpaque(counts, place);
    }
    return sum;
  }
}
