package selvedge.model;

import java.time.Duration;
import java.util.Locale;

/**
 * How old an answer of a replica may be, and what happens when it would be older.
 *
 * @param bound the age up to which nothing happens
 */
public record Staleness(Duration bound, Past past) {
  private static final Duration BOUND_MAX = Duration.ofDays(365);

  /** What a namespace has that nobody has told otherwise. */
  public static final Staleness USUAL = new Staleness(Duration.ofSeconds(60), Past.SERVE);

  /** What an answer past the bound is. */
  public enum Past {
    /** The answer, with its age beside it. */
    SERVE,
    /** A refusal. */
    REFUSE;

    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Staleness {
    if (bound.isNegative() || bound.compareTo(BOUND_MAX) > 0) {
      throw new InvalidRequestException(
          "a bound of staleness is from 0 ms to a year, not " + bound.toMillis() + " ms");
    }
  }

  /** Returns what {@link #toString} wrote. */
  public static Staleness parse(String text) {
    int space = text.indexOf(' ');
    return of(text.substring(0, Math.max(space, 0)), text.substring(space + 1));
  }

  public static Staleness of(String boundMillis, String past) {
    for (Past each : Past.values()) {
      if (each.id().equals(past)) {
        return new Staleness(millis(boundMillis), each);
      }
    }
    throw new InvalidRequestException(
        "past the bound an edge does serve or refuse, not \"" + past + "\"");
  }

  private static Duration millis(String text) {
    try {
      return Duration.ofMillis(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "a bound of staleness is a number of milliseconds, not \"" + text + "\"");
    }
  }

  @Override
  public String toString() {
    return bound.toMillis() + " " + past.id();
  }
}
