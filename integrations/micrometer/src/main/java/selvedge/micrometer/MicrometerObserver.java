package selvedge.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import selvedge.client.Observer;

/**
 * Counts and times the requests of a client, by operation, server and status. Safe for use by many
 * threads.
 */
public record MicrometerObserver(MeterRegistry registry) implements Observer {
  private static final String SENT = "selvedge.client.sent";
  private static final String REQUESTS = "selvedge.client.requests";

  @Override
  public void sent(Attempt attempt) {
    registry
        .counter(
            SENT,
            "operation",
            attempt.operation(),
            "server",
            attempt.server().getAuthority(),
            "again",
            Boolean.toString(attempt.number() > 1))
        .increment();
  }

  @Override
  public void ended(Attempt attempt, int status, Duration time) {
    registry
        .timer(
            REQUESTS,
            "operation",
            attempt.operation(),
            "server",
            attempt.server().getAuthority(),
            "status",
            status == 0 ? "none" : Integer.toString(status))
        .record(time);
  }
}
