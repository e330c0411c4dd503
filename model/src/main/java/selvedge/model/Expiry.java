package selvedge.model;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * The moment at which an entry becomes unreadable. Stores keep moments, not times to live, and each
 * reader compares them with its clock.
 */
public sealed interface Expiry {

  /** The entry does not expire. */
  Expiry NEVER = new Never();

  /**
   * Returns whether the entry is unreadable at a moment.
   *
   * @param now the time of the reader
   * @return whether the reader must treat the entry as missing
   */
  boolean hasPassed(Instant now);

  /**
   * Returns the expiry at a moment.
   *
   * @param instant the moment, truncated to milliseconds
   * @return the expiry
   * @throws InvalidRequestException if the moment is not after 1970
   */
  static Expiry at(Instant instant) {
    return new At(instant);
  }

  /**
   * Returns the expiry at the first millisecond at which a time to live has wholly passed.
   *
   * @param timeToLive the time to live
   * @param now the moment at which it begins
   * @return the expiry
   * @throws InvalidRequestException if the time to live is too long to be stored
   */
  static Expiry after(Duration timeToLive, Instant now) {
    try {
      Instant end = now.plus(timeToLive);
      Instant rounded = end.truncatedTo(MILLIS);
      return new At(rounded.equals(end) ? end : rounded.plusMillis(1));
    } catch (DateTimeException | ArithmeticException e) {
      throw new InvalidRequestException(
          "a time to live must end before the year 292278994, got " + timeToLive);
    }
  }

  /** No expiry. */
  record Never() implements Expiry {
    @Override
    public boolean hasPassed(Instant now) {
      return false;
    }
  }

  /**
   * An expiry at a moment: an entry that expires at noon cannot be read at noon.
   *
   * @param instant the moment, in whole milliseconds
   */
  record At(Instant instant) implements Expiry {
    /** The last moment that can be stored; one millisecond more stands for no expiry. */
    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE - 1);

    /**
     * Truncates the moment to milliseconds.
     *
     * @throws InvalidRequestException if it is not after 1970, or is after the year 292278993
     */
    public At {
      if (instant.isAfter(LAST)) {
        throw new InvalidRequestException(
            "an expiry must not be after " + LAST + ", got " + instant);
      }
      instant = instant.truncatedTo(MILLIS);
      if (instant.toEpochMilli() <= 0) {
        throw new InvalidRequestException("an expiry must be after 1970, got " + instant);
      }
    }

    @Override
    public boolean hasPassed(Instant now) {
      return !now.isBefore(instant);
    }

    /**
     * Returns the first whole second at which the expiry has passed.
     *
     * @return the number of seconds since 1970
     */
    public long wholeSecond() {
      return Math.ceilDiv(instant.toEpochMilli(), 1000);
    }
  }
}
