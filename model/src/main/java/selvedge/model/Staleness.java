package selvedge.model;

import java.time.Duration;
import java.util.Locale;

/**
 * The age that an answer of an edge may have, and what the edge does when it would be older.
 *
 * @param bound the age up to which an edge answers
 * @param past what it does when the answer would be older
 */
public record Staleness(Duration bound, Past past) {
  private static final Duration BOUND_MAX = Duration.ofDays(365);

  /** The staleness of a namespace for which none was set: 60 seconds, then serve. */
  public static final Staleness USUAL = new Staleness(Duration.ofSeconds(60), Past.SERVE);

  /** What an edge does when its answer would be older than the bound. */
  public enum Past {
    /** It answers, with the age in the answer. */
    SERVE,
    /** It refuses to answer. */
    REFUSE;

    /**
     * Returns the name in the HTTP API.
     *
     * @return {@code serve} or {@code refuse}
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the bound.
   *
   * @throws InvalidRequestException if it is negative or longer than a year
   */
  public Staleness {
    if (bound.isNegative() || bound.compareTo(BOUND_MAX) > 0) {
      throw new InvalidRequestException(
          "the bound of staleness must be from 0 ms to a year, got " + bound.toMillis() + " ms");
    }
  }

  /**
   * Returns the staleness with a text.
   *
   * @param text the result of {@link #toString}
   * @return the staleness
   * @throws InvalidRequestException if the text is no such result
   */
  public static Staleness parse(String text) {
    int space = text.indexOf(' ');
    return of(text.substring(0, Math.max(space, 0)), text.substring(space + 1));
  }

  /**
   * Returns the staleness with the texts of the HTTP API.
   *
   * @param boundMillis a number of milliseconds
   * @param past {@code serve} or {@code refuse}
   * @return the staleness
   * @throws InvalidRequestException if one of the texts is something else
   */
  public static Staleness of(String boundMillis, String past) {
    for (Past each : Past.values()) {
      if (each.id().equals(past)) {
        return new Staleness(millis(boundMillis), each);
      }
    }
    throw new InvalidRequestException("past must be serve or refuse, got \"" + past + "\"");
  }

  private static Duration millis(String text) {
    try {
      return Duration.ofMillis(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          "the bound of staleness must be a number of milliseconds, got \"" + text + "\"");
    }
  }

  @Override
  public String toString() {
    return bound.toMillis() + " " + past.id();
  }
}
