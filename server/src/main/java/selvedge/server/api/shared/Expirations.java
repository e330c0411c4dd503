package selvedge.server.api.shared;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Expiry;

/** Reads the two ways in which the KV faces are told when an entry expires. */
public final class Expirations {
  private static final long LATEST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private Expirations() {}

  /**
   * A time to live wins over a moment, which is then not even looked at.
   *
   * @param least the shortest time to live, in seconds
   */
  public static Expiry parse(
      Optional<String> expiration, Optional<String> timeToLive, long least, Instant now) {
    if (timeToLive.isPresent()) {
      return Expiry.at(Instant.ofEpochSecond(fromTimeToLive(timeToLive.get(), least, now)));
    }
    return expiration
        .<Expiry>map(raw -> Expiry.at(Instant.ofEpochSecond(fromMoment(raw, least, now))))
        .orElse(Expiry.NEVER);
  }

  private static long fromTimeToLive(String raw, long least, Instant now) {
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
    return now.getEpochSecond() + seconds.getAsLong();
  }

  private static long fromMoment(String raw, long least, Instant now) {
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
