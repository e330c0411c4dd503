package selvedge.engine.cache;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Remembers about which names were asked for lately. Safe for many threads, one of which may forget
 * what another one remembers.
 */
final class Doorkeeper {
  private static final int PLACES = 1 << 16;
  private static final int SPREAD = 0x9e3779b9;

  private final AtomicIntegerArray asked = new AtomicIntegerArray(PLACES);

  /** Whether it was, and in any case it is now. */
  boolean again(Object name) {
    int hash = name.hashCode() * SPREAD;
    int place = hash >>> 16;
    if (asked.getOpaque(place) == hash) {
      return true;
    }
    asked.setOpaque(place, hash);
    return false;
  }
}
