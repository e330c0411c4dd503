package selvedge.server.api.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.WriteOptions;
import selvedge.server.api.Query;

/** Parses the two forms in which a request over REST or the binding says when an entry expires. */
public final class Expirations {
  private static final long LATEST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private Expirations() {}

  /** Returns the options of {@link #parse} for the parameters of a query. */
  public static WriteOptions of(Query query, Limits limits, Instant now) {
    return parse(
        query.text("expiration"),
        query.text("expiration_ttl"),
        limits.get(Limit.TTL_SECONDS_MIN),
        now);
  }

  /**
   * Returns options with the time to live or, if there is none, with the moment. A moment beside a
   * time to live is ignored, even if it is invalid.
   *
   * @param least the shortest time to live, in seconds
   * @param now the time against which a moment is checked; a time to live starts when the write is
   *     decided
   * @throws BadExpirationException if the form in use is not a number or is outside of the limits
   */
  public static WriteOptions parse(
      Optional<String> expiration, Optional<String> timeToLive, long least, Instant now) {
    if (timeToLive.isPresent()) {
      return WriteOptions.PLAIN.expiresIn(
          Duration.ofSeconds(requireTimeToLive(timeToLive.get(), least, now)));
    }
    return expiration
        .map(raw -> Instant.ofEpochSecond(requireMoment(raw, least, now)))
        .map(WriteOptions.PLAIN::expiresAt)
        .orElse(WriteOptions.PLAIN);
  }

  private static long requireTimeToLive(String raw, long least, Instant now) {
    OptionalLong seconds = number(raw);
    if (seconds.isEmpty() || seconds.getAsLong() <= 0) {
      throw bad(true, raw, "Please specify integer greater than 0.");
    }
    if (seconds.getAsLong() < least) {
      throw bad(true, raw, "Expiration TTL must be at least " + least + ".");
    }
    if (seconds.getAsLong() > LATEST_SECOND - now.getEpochSecond()) {
      throw bad(true, raw, "No entry lives beyond the year 9999.");
    }
    return seconds.getAsLong();
  }

  private static long requireMoment(String raw, long least, Instant now) {
    OptionalLong second = number(raw);
    if (second.isEmpty() || second.getAsLong() <= now.getEpochSecond()) {
      throw bad(
          false,
          raw,
          "Please specify integer greater than the current number of seconds since the UNIX"
              + " epoch.");
    }
    if (second.getAsLong() < now.getEpochSecond() + least) {
      throw bad(
          false, raw, "Expiration times must be at least " + least + " seconds in the future.");
    }
    if (second.getAsLong() > LATEST_SECOND) {
      throw bad(false, raw, "No entry lives beyond the year 9999.");
    }
    return second.getAsLong();
  }

  private static BadExpirationException bad(boolean timeToLive, String raw, String hint) {
    String name = timeToLive ? "expiration_ttl" : "expiration";
    return new BadExpirationException(timeToLive, "Invalid " + name + " of " + raw + ". " + hint);
  }

  private static OptionalLong number(String raw) {
    try {
      return OptionalLong.of(Long.parseLong(raw.strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
