package selvedge.client;

import java.net.URI;
import java.time.Duration;

/** Hears of every request, for metrics and traces. Called by the thread that made it. */
public interface Observer {

  /** Nobody listens. */
  Observer NONE =
      new Observer() {
        @Override
        public void sent(Attempt attempt) {}

        @Override
        public void ended(Attempt attempt, int status, Duration time) {}
      };

  /**
   * One try of a request.
   *
   * @param operation such as {@code get}
   * @param number 1 for the first try
   */
  record Attempt(String operation, URI server, int number) {}

  /** It is on its way. */
  void sent(Attempt attempt);

  /**
   * It has come to its end.
   *
   * @param status of HTTP; 0 if there was no answer
   */
  void ended(Attempt attempt, int status, Duration time);
}
