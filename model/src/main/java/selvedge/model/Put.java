package selvedge.model;

import java.time.Duration;
import java.time.Instant;

/**
 * How a value is put: with which metadata and expiry, and on what condition.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="put"}
 *
 * @param expiry the moment of expiry, if no time to live is given
 * @param timeToLive from the moment at which the write is decided; zero if none is given
 */
public record Put(Metadata metadata, Expiry expiry, Duration timeToLive, Condition condition) {

  /** No metadata, no expiry, no condition. */
  public static final Put PLAIN =
      new Put(Metadata.NONE, Expiry.NEVER, Duration.ZERO, Condition.ALWAYS);

  public Put {
    if (timeToLive.isNegative()) {
      throw new InvalidRequestException("a time to live is not negative: " + timeToLive);
    }
  }

  public static Put expiresAt(Instant instant) {
    return PLAIN.expiry(Expiry.at(instant));
  }

  /** The entry can be read for so long. */
  public static Put expiresIn(Duration timeToLive) {
    return PLAIN.lasting(timeToLive);
  }

  public Put metadata(Metadata given) {
    return new Put(given, expiry, timeToLive, condition);
  }

  public Put expiry(Expiry given) {
    return new Put(metadata, given, Duration.ZERO, condition);
  }

  /** The same, but readable for so long. */
  public Put lasting(Duration given) {
    if (given.isZero()) {
      throw new InvalidRequestException("an entry lasts for longer than no time");
    }
    return new Put(metadata, Expiry.NEVER, given, condition);
  }

  public Put condition(Condition given) {
    return new Put(metadata, expiry, timeToLive, given);
  }

  public Put ifAbsent() {
    return condition(Condition.ABSENT);
  }

  public Put ifVersion(Version version) {
    return condition(Condition.version(version));
  }

  /** The moment of expiry of a write that is decided now. */
  public Expiry expiryFrom(Instant now) {
    return timeToLive.isZero() ? expiry : Expiry.after(timeToLive, now);
  }
}
