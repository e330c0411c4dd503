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
public record WriteOptions(
    Metadata metadata, Expiry expiry, Duration timeToLive, Condition condition) {

  /** No metadata, no expiry, no condition. */
  public static final WriteOptions PLAIN =
      new WriteOptions(Metadata.NONE, Expiry.NEVER, Duration.ZERO, Condition.ALWAYS);

  public WriteOptions {
    if (timeToLive.isNegative()) {
      throw new InvalidRequestException("a time to live is not negative: " + timeToLive);
    }
  }

  public static WriteOptions expiresAt(Instant instant) {
    return PLAIN.expiry(Expiry.at(instant));
  }

  /** The entry can be read for so long. */
  public static WriteOptions expiresIn(Duration timeToLive) {
    return PLAIN.lasting(timeToLive);
  }

  public WriteOptions metadata(Metadata given) {
    return new WriteOptions(given, expiry, timeToLive, condition);
  }

  public WriteOptions expiry(Expiry given) {
    return new WriteOptions(metadata, given, Duration.ZERO, condition);
  }

  /** The same, but readable for so long. */
  public WriteOptions lasting(Duration given) {
    if (given.isZero()) {
      throw new InvalidRequestException("an entry lasts for longer than no time");
    }
    return new WriteOptions(metadata, Expiry.NEVER, given, condition);
  }

  public WriteOptions condition(Condition given) {
    return new WriteOptions(metadata, expiry, timeToLive, given);
  }

  public WriteOptions ifAbsent() {
    return condition(Condition.ABSENT);
  }

  public WriteOptions ifVersion(Version version) {
    return condition(Condition.version(version));
  }

  /** The moment of expiry of a write that is decided now. */
  public Expiry expiryFrom(Instant now) {
    return timeToLive.isZero() ? expiry : Expiry.after(timeToLive, now);
  }
}
