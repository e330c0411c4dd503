package selvedge.patterns;

import selvedge.model.InvalidRequestException;

/** The check that all limiters make of a count of permits. */
final class Permits {
  private Permits() {}

  /** A negative count would return permits that were never taken. */
  static void requirePositive(long count) {
    if (count < 1) {
      throw new InvalidRequestException("the count of permits must be at least 1, got " + count);
    }
  }
}
