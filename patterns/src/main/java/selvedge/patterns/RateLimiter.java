package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets so much through in a time and no more, however many processes ask. Safe for use by many
 * threads.
 */
public interface RateLimiter {

  /**
   * Asks for one.
   *
   * @param subject whom it is counted for, such as a user
   */
  default Decision tryAcquire(String subject) {
    return tryAcquire(subject, 1);
  }

  /** Asks for several at once: all of them or none. */
  Decision tryAcquire(String subject, long count);

  /**
   * What a limiter has decided.
   *
   * @param limit how much there is in all
   * @param remaining how much is left after this
   * @param reset when there is more
   */
  record Decision(boolean allowed, long limit, long remaining, Instant reset) {

    /** The headers that tell a client of HTTP. */
    public Map<String, String> headers(Instant now) {
      Map<String, String> headers = new LinkedHashMap<>();
      long wait = Math.max(1, (Duration.between(now, reset).toMillis() + 999) / 1000);
      headers.put("RateLimit-Limit", Long.toString(limit));
      headers.put("RateLimit-Remaining", Long.toString(remaining));
      headers.put("RateLimit-Reset", Long.toString(wait));
      if (!allowed) {
        headers.put("Retry-After", Long.toString(wait));
      }
      return headers;
    }
  }
}
