package selvedge.patterns;

import selvedge.model.InvalidRequestException;

/** Checks the number of permits that a caller requests from a limiter. */
final class Permits {
  private Permits() {}

  /** A negative count would return permits that were never taken. */
  static void requirePositive(long count) {
    if (count < 1) {
      throw new InvalidRequestException("the count of permits must be at least 1, got " + count);
    }
  }
}
