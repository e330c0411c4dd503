package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits how many permits a subject is allowed in a time, across all processes that share the
 * namespace. Safe for use by many threads.
 */
public interface RateLimiter {

  /**
   * Takes one permit if it is available, without waiting.
   *
   * @param subject the name that permits are counted for, such as a user
   * @return whether the permit was taken; a refusal is no exception
   * @throws selvedge.model.SelvedgeException if the store cannot be read or written
   */
  default Decision tryAcquire(String subject) {
    return tryAcquire(subject, 1);
  }

  /**
   * Takes several permits, all or none, without waiting.
   *
   * @param subject the name that permits are counted for, such as a user
   * @param count at least 1; a count above the limit is always refused and takes none
   * @return whether the permits were taken; a refusal is no exception
   * @throws selvedge.model.InvalidRequestException if the count is less than 1
   * @throws selvedge.model.SelvedgeException if the store cannot be read or written
   */
  Decision tryAcquire(String subject, long count);

  /**
   * The decision of a limiter.
   *
   * @param allowed whether the permits were taken
   * @param limit the number of permits that the limiter allows
   * @param remaining the number of permits that are left
   * @param reset when more permits are available; after a refusal, when the refused count is,
   *     unless other requests take permits before
   */
  record Decision(boolean allowed, long limit, long remaining, Instant reset) {

    /**
     * Returns the decision as fields of an HTTP response: {@code RateLimit-*}, and {@code
     * Retry-After} after a refusal.
     *
     * @param now the current moment, by the clock of the limiter
     * @return the fields by name, in an order that does not change
     */
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
