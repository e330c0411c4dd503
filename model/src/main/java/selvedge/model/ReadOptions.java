package selvedge.model;

import java.time.Duration;
import java.util.Objects;

/**
 * Options of a read: how old the answer may be. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #PLAIN} or {@link #STRONG}; each method with an argument returns a changed
 * copy. An origin, whose answers are always current, needs none of them. Further options may be
 * added in later versions.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="freshness"}
 */
public final class ReadOptions {
  private static final Duration ANY_AGE = Duration.ofDays(365L * 1000);
  private static final Duration CACHE_TTL = Duration.ofSeconds(60);

  /** Accepts an answer of any age; cached copies are at most 60 seconds old. */
  public static final ReadOptions PLAIN = new ReadOptions(ANY_AGE, Version.NONE, CACHE_TTL);

  /** Requires the current state of the origin. */
  public static final ReadOptions STRONG = PLAIN.maxAge(Duration.ZERO);

  private final Duration maxAge;
  private final Version atLeast;
  private final Duration cacheTtl;

  private ReadOptions(Duration maxAge, Version atLeast, Duration cacheTtl) {
    this.maxAge = maxAge;
    this.atLeast = atLeast;
    this.cacheTtl = cacheTtl;
  }

  /**
   * Returns the age up to which an answer is accepted.
   *
   * @return about a thousand years if no age was set; see {@link #takesAnyAge}
   */
  public Duration maxAge() {
    return maxAge;
  }

  /**
   * Returns the version that the answer must take into account.
   *
   * @return {@link Version#NONE} if none was set
   */
  public Version atLeast() {
    return atLeast;
  }

  /**
   * Returns how old a cached copy may be at an edge that caches the namespace, and in a near cache.
   *
   * @return 60 seconds if none was set
   */
  public Duration cacheTtl() {
    return cacheTtl;
  }

  /**
   * Returns a copy that accepts answers up to an age. An edge whose answer would be older asks its
   * origin.
   *
   * @param age the greatest age; zero for the current state of the origin
   * @return the changed copy
   * @throws InvalidRequestException if the age is negative
   */
  public ReadOptions maxAge(Duration age) {
    return new ReadOptions(requirePositive("maxAge", age), atLeast, cacheTtl);
  }

  /**
   * Returns a copy that requires a change and everything before it, such as the version of an
   * earlier write: a session reads its own writes at any server.
   *
   * @param version the version of the change; {@link Version#NONE} for none
   * @return the changed copy
   */
  public ReadOptions atLeast(Version version) {
    return new ReadOptions(maxAge, version, cacheTtl);
  }

  /**
   * Returns a copy with another age up to which a cached copy is answered. It has no effect where
   * the namespace is replicated.
   *
   * @param duration the greatest age of a cached copy
   * @return the changed copy
   * @throws InvalidRequestException if the duration is negative
   */
  public ReadOptions cacheTtl(Duration duration) {
    return new ReadOptions(maxAge, atLeast, requirePositive("cacheTtl", duration));
  }

  /**
   * Returns whether an answer of any age is accepted.
   *
   * @return whether no {@link #maxAge(Duration)} was set
   */
  public boolean takesAnyAge() {
    return maxAge.compareTo(ANY_AGE) >= 0;
  }

  private static Duration requirePositive(String option, Duration duration) {
    if (duration.isNegative()) {
      throw new InvalidRequestException(option + " must not be negative, got " + duration);
    }
    return duration;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReadOptions options
        && maxAge.equals(options.maxAge)
        && atLeast.equals(options.atLeast)
        && cacheTtl.equals(options.cacheTtl);
  }

  @Override
  public int hashCode() {
    return Objects.hash(maxAge, atLeast, cacheTtl);
  }

  @Override
  public String toString() {
    return "ReadOptions[maxAge=%s, atLeast=%s, cacheTtl=%s]"
        .formatted(takesAnyAge() ? "any" : maxAge, atLeast, cacheTtl);
  }
}
