package selvedge.cli.log;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits how often an event is logged. Of events of one kind only the first few in a period are
 * logged; the next one after it has the number of those that were not. Safe for use by many
 * threads.
 */
final class Repetitions {
  private static final int LOGGED_MAX = 5;
  private static final Duration PERIOD = Duration.ofSeconds(10);

  /** Events of more kinds are always logged. */
  private static final int KINDS_MAX = 1000;

  private final ConcurrentHashMap<String, Counted> kinds = new ConcurrentHashMap<>();

  private static final class Counted {
    private Instant start = Instant.MIN;
    private int logged;
    private int leftOut;
  }

  /**
   * Counts an event, and returns how many before it were left out; empty if it must be left out,
   * too.
   */
  OptionalInt count(String kind, Instant now) {
    if (kinds.size() >= KINDS_MAX && !kinds.containsKey(kind)) {
      return OptionalInt.of(0);
    }
    Counted counted = kinds.computeIfAbsent(kind, _ -> new Counted());
    synchronized (counted) {
      if (now.isBefore(counted.start) || !now.isBefore(counted.start.plus(PERIOD))) {
        int leftOut = counted.leftOut;
        counted.start = now;
        counted.logged = 1;
        counted.leftOut = 0;
        return OptionalInt.of(leftOut);
      }
      if (counted.logged < LOGGED_MAX) {
        counted.logged++;
        return OptionalInt.of(0);
      }
      counted.leftOut++;
      return OptionalInt.empty();
    }
  }
}
