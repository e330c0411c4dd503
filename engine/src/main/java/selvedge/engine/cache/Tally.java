package selvedge.engine.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts what happens so often that even an atomic addition would be felt. Safe for use by many
 * threads; where two of them meet on one place, one of the two may not be counted.
 */
final class Tally {
  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PLACES = 64;

  /** A cache line each, so that threads do not wait for one another. */
  private static final int APART = 8;

  private final long[] counts = new long[PLACES * APART];

  void add() {
    int place = ((int) Thread.currentThread().threadId() & (PLACES - 1)) * APART;
    COUNT.setOpaque(counts, place, (long) COUNT.getOpaque(counts, place) + 1);
  }

  long sum() {
    long sum = 0;
    for (int place = 0; place < counts.length; place += APART) {
      sum += (long) COUNT.getOpaque(counts, place);
    }
    return sum;
  }
}
