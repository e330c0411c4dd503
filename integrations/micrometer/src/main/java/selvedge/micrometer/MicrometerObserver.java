package selvedge.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import selvedge.client.Observer;

/**
 * Observes each request of a client by operation, server and status: with a timer, and in a program
 * with tracing with a span, whose context is sent to the server. Safe for use by many threads.
 */
public final class MicrometerObserver implements Observer {
  private final ObservationRegistry registry;

  /**
   * Creates an observer that reports to a registry.
   *
   * @param registry receives an observation for each request
   */
  public MicrometerObserver(ObservationRegistry registry) {
    this.registry = registry;
  }

  private static final String NAME = "selvedge.client.requests";

  /**
   * Returns an observer that reports metrics only.
   *
   * @param meters receives a timer for each operation, server and status
   * @return the observer
   */
  public static MicrometerObserver of(MeterRegistry meters) {
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
    return new MicrometerObserver(registry);
  }

  @Override
  public Sent begin(Attempt attempt) {
    Map<String, String> headers = new HashMap<>();
    Observation observation =
        Observation.createNotStarted(NAME, () -> context(attempt, headers), registry)
            .contextualName("selvedge " + attempt.operation())
            .lowCardinalityKeyValue("operation", attempt.operation())
            .lowCardinalityKeyValue("server", attempt.server().getAuthority())
            .lowCardinalityKeyValue("again", Boolean.toString(attempt.number() > 1))
            .start();
    return new Sent() {
      @Override
      public void ended(int status, Duration time) {
        observation
            .lowCardinalityKeyValue("status", status == 0 ? "none" : Integer.toString(status))
            .stop();
      }

      @Override
      public Map<String, String> headers() {
        return headers;
      }
    };
  }

  private static SenderContext<Map<String, String>> context(
      Attempt attempt, Map<String, String> headers) {
    SenderContext<Map<String, String>> context =
        new SenderContext<>((carrier, name, value) -> headers.put(name, value), Kind.CLIENT);
    context.setCarrier(headers);
    context.setRemoteServiceName("selvedge");
    context.setRemoteServiceAddress(attempt.server().toString());
    return context;
  }
}
