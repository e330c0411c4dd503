package selvedge.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Options of a write: metadata, expiry and condition. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #PLAIN}; each method with an argument returns a changed copy. Further
 * options may be added in later versions.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="put"}
 */
public final class WriteOptions {

  /** No metadata, no expiry, no condition. */
  public static final WriteOptions PLAIN =
      new WriteOptions(Metadata.NONE, Expiry.NEVER, Duration.ZERO, Condition.ALWAYS);

  private final Metadata metadata;
  private final Expiry expiry;
  private final Duration timeToLive;
  private final Condition condition;

  private WriteOptions(Metadata metadata, Expiry expiry, Duration timeToLive, Condition condition) {
    this.metadata = metadata;
    this.expiry = expiry;
    this.timeToLive = timeToLive;
    this.condition = condition;
  }

  /**
   * Returns the metadata that the entry gets.
   *
   * @return {@link Metadata#NONE} if none was set
   */
  public Metadata metadata() {
    return metadata;
  }

  /**
   * Returns the moment at which the entry expires, if it was set as a moment.
   *
   * @return {@link Expiry#NEVER} if there is none, or if a time to live was set instead
   */
  public Expiry expiry() {
    return expiry;
  }

  /**
   * Returns the time to live, which begins when the store decides the write.
   *
   * @return zero if none was set
   */
  public Duration timeToLive() {
    return timeToLive;
  }

  /**
   * Returns the condition under which the write is accepted.
   *
   * @return {@link Condition#ALWAYS} if none was set
   */
  public Condition condition() {
    return condition;
  }

  /**
   * Returns a copy with other metadata.
   *
   * @param changed the metadata of the entry; {@link Metadata#NONE} for none
   * @return the changed copy
   */
  public WriteOptions metadata(Metadata changed) {
    return new WriteOptions(changed, expiry, timeToLive, condition);
  }

  /**
   * Returns a copy with another expiry, which replaces a time to live.
   *
   * @param changed {@link Expiry#NEVER} for an entry that does not expire
   * @return the changed copy
   */
  public WriteOptions expiry(Expiry changed) {
    return new WriteOptions(metadata, changed, Duration.ZERO, condition);
  }

  /**
   * Returns a copy under which the entry expires at a moment. A moment in the past is not an error:
   * the entry is then missing at once.
   *
   * @param instant after 1970; truncated to milliseconds
   * @return the changed copy
   * @throws InvalidRequestException if the moment is not after 1970
   */
  public WriteOptions expiresAt(Instant instant) {
    return expiry(Expiry.at(instant));
  }

  /**
   * Returns a copy under which the entry expires after a time to live, by the clock of the store
   * and from the moment at which it decides the write.
   *
   * @param changed the time to live; the store refuses one below its limit
   * @return the changed copy
   * @throws InvalidRequestException if the time to live is not positive
   */
  public WriteOptions expiresIn(Duration changed) {
    if (changed.isNegative() || changed.isZero()) {
      throw new InvalidRequestException("a time to live must be positive, got " + changed);
    }
    return new WriteOptions(metadata, Expiry.NEVER, changed, condition);
  }

  /**
   * Returns a copy with another condition. A write whose condition does not hold changes nothing
   * and returns an {@link Outcome.Conflict}; it throws no exception.
   *
   * @param changed the condition
   * @return the changed copy
   */
  public WriteOptions condition(Condition changed) {
    return new WriteOptions(metadata, expiry, timeToLive, changed);
  }

  /**
   * Returns a copy under which the write is accepted only if the key has no entry.
   *
   * @return the changed copy
   */
  public WriteOptions ifAbsent() {
    return condition(Condition.ABSENT);
  }

  /**
   * Returns a copy under which the write is accepted only if the entry has the given version.
   *
   * @param version the version of the entry as it was read
   * @return the changed copy
   */
  public WriteOptions ifVersion(Version version) {
    return condition(Condition.version(version));
  }

  /**
   * Returns the expiry of an entry whose write is decided at a moment.
   *
   * @param now the moment from which a time to live counts
   * @return the moment of expiry, or {@link Expiry#NEVER}
   */
  public Expiry expiryFrom(Instant now) {
    return timeToLive.isZero() ? expiry : Expiry.after(timeToLive, now);
  }

  /**
   * Checks that there is no condition, for an operation that cannot have one.
   *
   * @return these options
   * @throws InvalidRequestException if there is a condition
   */
  public WriteOptions requireUnconditional() {
    if (!(condition instanceof Condition.Always)) {
      throw new InvalidRequestException(
          "an increment cannot have a condition, got " + condition + ": use update instead");
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WriteOptions options
        && metadata.equals(options.metadata)
        && expiry.equals(options.expiry)
        && timeToLive.equals(options.timeToLive)
        && condition.equals(options.condition);
  }

  @Override
  public int hashCode() {
    return Objects.hash(metadata, expiry, timeToLive, condition);
  }

  @Override
  public String toString() {
    return "WriteOptions[metadata=%s, expiry=%s, timeToLive=%s, condition=%s]"
        .formatted(metadata, expiry, timeToLive, condition);
  }
}
