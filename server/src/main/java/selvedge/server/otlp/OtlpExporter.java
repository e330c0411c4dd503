package selvedge.server.otlp;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.Worker;
import selvedge.model.tls.Trust;

/**
 * Sends spans every second and metrics every minute. What the collector does not take now is sent
 * again, while newer spans wait in a bounded queue. One thread steps it.
 */
public final class OtlpExporter implements Worker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpExporter.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration METRICS_INTERVAL = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int BATCH_SPANS = 512;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  private final String address;
  private final Map<String, String> headers;
  private final HttpClient http;
  private final Tracing tracing;
  private final Supplier<MetricSnapshots> metrics;
  private final OtlpJson json;
  private final InstantSource clock;
  private final List<Span> unsent = new ArrayList<>();
  private Instant metricsDue = Instant.MIN;

  /** Whether the last request failed, so that a collector that is away is logged once. */
  private boolean failing;

  /**
   * @param address of the collector, without a path
   * @param headers of each request, such as a key
   * @param resource the attributes of this server
   */
  public OtlpExporter(
      String address,
      Map<String, String> headers,
      Trust trust,
      Map<String, String> resource,
      Tracing tracing,
      Supplier<MetricSnapshots> metrics,
      InstantSource clock) {
    this.address = address;
    this.headers = Map.copyOf(headers);
    this.http = trust.http().connectTimeout(PATIENCE).build();
    this.tracing = tracing;
    this.metrics = metrics;
    this.clock = clock;
    this.json = new OtlpJson(resource, clock.instant());
  }

  @Override
  public Duration step() {
    if (unsent.isEmpty()) {
      tracing.spans().drainTo(unsent, BATCH_SPANS);
    }
    if (!unsent.isEmpty()) {
      if (!send("/v1/traces", json.traces(unsent))) {
        return RETRY;
      }
      unsent.clear();
    }
    Instant now = clock.instant();
    if (!now.isBefore(metricsDue)) {
      if (!send("/v1/metrics", json.metrics(metrics.get(), now))) {
        return RETRY;
      }
      metricsDue = now.plus(METRICS_INTERVAL);
    }
    return tracing.spans().isEmpty() ? INTERVAL : Duration.ZERO;
  }

  /** Returns whether a request is done: the collector has taken or refused it. */
  private boolean send(String path, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status < CLIENT_ERROR) {
        failing = false;
        return true;
      }
      failed("status " + status + " for " + path);
      if (status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
        return false;
      }
      tracing.drop(unsent.size());
      return true;
    } catch (IOException e) {
      failed(e.toString());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void failed(String reason) {
    if (!failing) {
      failing = true;
      LOG.warn("the collector at {} does not take spans and metrics: {}", address, reason);
    }
  }

  /** Sends what is left once. The worker must not be stepped any more. */
  @Override
  public void close() {
    metricsDue = Instant.MIN;
    Duration next = Duration.ZERO;
    while (next.isZero()) {
      next = step();
    }
    http.shutdownNow();
  }
}
