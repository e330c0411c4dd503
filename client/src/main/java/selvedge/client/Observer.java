package selvedge.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Hears of every request, for metrics and traces. Called by the thread that makes it. */
public interface Observer {

  /** Nobody listens. */
  Observer NONE = attempt -> (status, time) -> {};

  /**
   * One try of a request.
   *
   * @param operation such as {@code get}
   * @param number 1 for the first try
   */
  record Attempt(String operation, URI server, int number) {}

  /** A request is about to be sent. */
  Sent begin(Attempt attempt);

  /** One request, until its answer begins. */
  @FunctionalInterface
  interface Sent {

    /**
     * It has come to its end.
     *
     * @param status of HTTP; 0 if there was no answer
     */
    void ended(int status, Duration time);

    /** What goes along with it, such as the place in a trace. */
    default Map<String, String> headers() {
      return Map.of();
    }
  }
}
