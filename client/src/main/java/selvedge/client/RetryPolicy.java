package selvedge.client;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides which requests are sent again, and after which pause. Safe for use by many threads.
 *
 * <p>A read is always repeated. A change is repeated only if it was certainly not made: the
 * connection failed, or the server answered 503 or 429 with {@code Retry-After}. A change that was
 * answered with 502 or 504 may have been made, and is not repeated.
 *
 * <p>A server that fails is followed by the next one at once. There is a pause only when each of
 * them has failed, or when the caller has sent too many requests. It doubles each time, unless one
 * of the servers requires a shorter one. A client that fails fast does not pause.
 *
 * @param servers the number of servers
 */
record RetryPolicy(int servers, boolean failFast, RandomGenerator random) {
  /** The shortest pause that a server may require. */
  private static final long MILLIS_MIN = 50;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int BAD_GATEWAY = 502;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;

  /** Returns whether the server, or a proxy before it, cannot serve the request now. */
  static boolean isUnavailable(int status) {
    return status == UNAVAILABLE || isOutcomeUnknown(status);
  }

  /** Returns whether the server, or a proxy before it, has lost the request on its way. */
  static boolean isOutcomeUnknown(int status) {
    return status == BAD_GATEWAY || status == GATEWAY_TIMEOUT;
  }

  /**
   * Returns the pause after an answer.
   *
   * @param number the number of attempts that were made
   * @param usual the pause if the server requires none
   * @return empty if the answer is final
   */
  Optional<Duration> pauseAfter(
      ClientRequest request, HttpResponse<?> answer, int number, Duration usual) {
    int status = answer.statusCode();
    Optional<Duration> required =
        status == UNAVAILABLE || status == TOO_MANY_REQUESTS ? required(answer) : Optional.empty();
    boolean isSafe = required.isPresent() || (request.isRepeatable() && isUnavailable(status));
    if (!isSafe || !request.again().getAsBoolean()) {
      return Optional.empty();
    }
    if (number % servers != 0 && status != TOO_MANY_REQUESTS) {
      return Optional.of(Duration.ZERO);
    }
    return failFast ? Optional.empty() : Optional.of(jittered(required.orElse(usual)));
  }

  /** Returns the pause that a server requires, in milliseconds if it says so. */
  static Optional<Duration> required(HttpResponse<?> answer) {
    return number(answer, "Retry-After")
        .map(
            seconds ->
                number(answer, "Selvedge-Retry-Millis")
                    .map(millis -> Duration.ofMillis(Math.max(MILLIS_MIN, millis)))
                    .orElse(Duration.ofSeconds(Math.max(1, seconds))));
  }

  private static Optional<Long> number(HttpResponse<?> answer, String header) {
    return answer
        .headers()
        .firstValue(header)
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(Long::parseLong);
  }

  /**
   * Returns the pause after a connection that failed.
   *
   * @param number the number of attempts that were made
   * @param usual the pause once each server has failed
   */
  Duration pauseAfter(IOException failure, int number, Duration usual) {
    boolean hasNext = number % servers != 0 || (failFast && ConnectionFailures.isUnsent(failure));
    return hasNext ? Duration.ZERO : jittered(usual);
  }

  /** Returns whether a request may be sent again after a failure. */
  static boolean isSafe(ClientRequest request, IOException failure) {
    return request.again().getAsBoolean()
        && (request.isRepeatable() || ConnectionFailures.isUnsent(failure));
  }

  private Duration jittered(Duration pause) {
    return pause.plusNanos(random.nextLong(pause.toNanos() / 2 + 1));
  }
}
