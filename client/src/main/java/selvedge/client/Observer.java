package selvedge.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Receives every attempt of every request, for metrics and traces. The thread that makes the
 * request calls it, so it must not block; implementations must be safe for use by many threads.
 */
public interface Observer {

  /** Ignores all attempts. */
  Observer NONE = attempt -> (status, time) -> {};

  /**
   * An attempt of a request.
   *
   * @param operation the operation, such as {@code get}
   * @param server the server that receives the request
   * @param number 1 for the first attempt
   */
  record Attempt(String operation, URI server, int number) {}

  /**
   * Called before a request is sent.
   *
   * @param attempt the attempt
   * @return receives the end of the attempt
   */
  Sent begin(Attempt attempt);

  /** A request that is sent, until its answer begins. */
  @FunctionalInterface
  interface Sent {

    /**
     * Called when the answer begins, or the attempt has failed.
     *
     * @param status the HTTP status; 0 if there was no answer
     * @param time the time since the request was sent
     */
    void ended(int status, Duration time);

    /**
     * Returns headers to send with the request, such as the context of a trace.
     *
     * @return values by name
     */
    default Map<String, String> headers() {
      return Map.of();
    }
  }
}
