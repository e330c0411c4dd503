package selvedge.model;

import java.time.Duration;

/**
 * How a value is got: how old an answer may be, where one is not always the newest.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="freshness"}
 *
 * @param maxAge the age up to which any answer will do
 * @param atLeast the version that the answer must contain, such as that of a write before
 * @param cacheTtl how old the copy may be that an edge answers with in a namespace that it does not
 *     replicate but cache
 */
public record ReadOptions(Duration maxAge, Version atLeast, Duration cacheTtl) {
  private static final Duration ANY_AGE = Duration.ofDays(365L * 1000);

  /** Whatever is nearest; copies as Workers KV has them when nothing is said. */
  public static final ReadOptions PLAIN =
      new ReadOptions(ANY_AGE, Version.NONE, Duration.ofSeconds(60));

  /** What the origin says. */
  public static final ReadOptions STRONG = maxAge(Duration.ZERO);

  public ReadOptions {
    requirePositive("an age", maxAge);
    requirePositive("a cacheTtl", cacheTtl);
  }

  private static void requirePositive(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new InvalidRequestException(what + " is not negative: " + duration);
    }
  }

  /** An answer that is older than that is not taken: the origin is asked instead. */
  public static ReadOptions maxAge(Duration age) {
    return PLAIN.withMaxAge(age);
  }

  /** An answer that contains this change and everything before it. */
  public static ReadOptions atLeast(Version version) {
    return PLAIN.withAtLeast(version);
  }

  public static ReadOptions cacheTtl(Duration duration) {
    return new ReadOptions(ANY_AGE, Version.NONE, duration);
  }

  public ReadOptions withMaxAge(Duration age) {
    return new ReadOptions(age, atLeast, cacheTtl);
  }

  public ReadOptions withAtLeast(Version version) {
    return new ReadOptions(maxAge, version, cacheTtl);
  }

  /** Whether an answer of any age will do. */
  public boolean takesAnyAge() {
    return maxAge.compareTo(ANY_AGE) >= 0;
  }
}
