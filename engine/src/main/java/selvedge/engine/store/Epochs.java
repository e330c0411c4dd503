package selvedge.engine.store;

import java.util.random.RandomGenerator;

/** The numbers that distinguish orders of changes. */
public final class Epochs {
  /** A number of this many bits is exact in JavaScript and in other programs that read JSON. */
  private static final int BITS = 53;

  private Epochs() {}

  /** Returns a new epoch. */
  public static long draw(RandomGenerator random) {
    return random.nextLong() >>> (Long.SIZE - BITS);
  }
}
