package selvedge.model.wire;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * The time of another server's clock. Every clock shows a time from 1970 to 9999, so that spans
 * between two such times fit into milliseconds.
 */
public final class ClockTime {
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private ClockTime() {}

  /** Returns the time, or throws a {@link DateTimeException} if no clock shows it. */
  public static Instant require(Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
      throw new DateTimeException("a clock shows a time from 1970 to 9999, got " + time);
    }
    return time;
  }
}
