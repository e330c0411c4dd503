package selvedge.model;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Duration;
import java.time.Instant;

/** The moment an entry stops being readable. Only moments are stored, never times to live. */
public sealed interface Expiry {

  Expiry NEVER = new Never();

  /** Returns whether a reader whose clock shows {@code now} must treat the entry as missing. */
  boolean hasPassed(Instant now);

  static Expiry at(Instant instant) {
    return new At(instant);
  }

  /** Returns the first millisecond at which the time to live has wholly passed. */
  static Expiry after(Duration timeToLive, Instant now) {
    Instant end = now.plus(timeToLive);
    Instant rounded = end.truncatedTo(MILLIS);
    return new At(rounded.equals(end) ? end : rounded.plusMillis(1));
  }

  /** No expiry. */
  record Never() implements Expiry {
    @Override
    public boolean hasPassed(Instant now) {
      return false;
    }
  }

  /** Inclusive: an entry that expires at noon cannot be read at noon. */
  record At(Instant instant) implements Expiry {

    public At {
      instant = instant.truncatedTo(MILLIS);
      if (instant.toEpochMilli() <= 0) {
        throw new InvalidRequestException("an expiry lies after 1970: " + instant);
      }
    }

    @Override
    public boolean hasPassed(Instant now) {
      return !now.isBefore(instant);
    }

    /** Returns the first whole second, since 1970, at which the expiry has passed. */
    public long wholeSecond() {
      return Math.ceilDiv(instant.toEpochMilli(), 1000);
    }
  }
}
