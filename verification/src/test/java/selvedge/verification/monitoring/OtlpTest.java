package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Polling;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An origin and its edge send spans and metrics to a collector of OpenTelemetry. */
final class OtlpTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PARENT = "00f067aa0ba902b7";

  @TempDir static Path folder;
  private static final Collector COLLECTOR = new Collector();
  private static final List<Server> SERVERS = new ArrayList<>();
  private static URI origin = URI.create("http://unused");
  private static URI edge = URI.create("http://unused");

  /** A collector that refuses the first request of each path with 503. */
  private static final class Collector implements AutoCloseable {
    private final HttpServer http;
    private final Queue<JsonNode> spans = new ConcurrentLinkedQueue<>();
    private final Queue<JsonNode> metrics = new ConcurrentLinkedQueue<>();
    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();

    Collector() {
      try {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      http.createContext(
          "/v1/",
          exchange -> {
            JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-Key")));
            boolean refuses = refused.getAndIncrement() == 0;
            if (!refuses) {
              body.path("resourceSpans").forEach(spans::add);
              body.path("resourceMetrics").forEach(metrics::add);
            }
            exchange.sendResponseHeaders(refuses ? 503 : 200, -1);
            exchange.close();
          });
      http.start();
    }

    String address() {
      return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Returns a span of a trace at a place. */
    Optional<JsonNode> span(String place, String trace) {
      for (JsonNode resource : spans) {
        if (attribute(resource.path("resource"), "service.instance.id").equals(place)) {
          for (JsonNode span : resource.path("scopeSpans").path(0).path("spans")) {
            if (span.path("traceId").asString().equals(trace)) {
              return Optional.of(span);
            }
          }
        }
      }
      return Optional.empty();
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }

  private static String attribute(JsonNode owner, String name) {
    for (JsonNode each : owner.path("attributes")) {
      if (each.path("key").asString().equals(name)) {
        JsonNode value = each.path("value");
        return value.path("stringValue").asString(value.path("intValue").asString(""));
      }
    }
    return "";
  }

  @BeforeAll
  static void start() {
    origin = start("origin", new Setting("location", "main", "the test"));
    edge = start("edge", new Setting("origin", origin.toString(), "the test"));
    send("PUT", edge, "/v1/namespaces/n", "");
    send("PUT", edge, "/v1/namespaces/n/values/k", "");
  }

  private static URI start(String location, Setting last) {
    var server =
        new Server(
            Config.of(
                List.of(
                    new Setting("listen", "127.0.0.1:0", "the test"),
                    new Setting("data", folder.resolve(location).toString(), "the test"),
                    new Setting("location", location, "the test"),
                    new Setting("otlp", COLLECTOR.address(), "the test"),
                    new Setting("otlp-headers", "X-Key=secret", "the test"),
                    last)));
    SERVERS.add(server);
    return server.start();
  }

  @AfterAll
  static void stop() {
    SERVERS.reversed().forEach(Server::close);
    COLLECTOR.close();
  }

  private static HttpResponse<String> send(String method, URI server, String path, String trace) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(method.equals("PUT") ? "v" : ""));
    if (!trace.isEmpty()) {
      request.header("traceparent", trace);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static JsonNode awaitSpan(String place, String trace) throws Exception {
    Polling.await("a span of " + place, () -> COLLECTOR.span(place, trace).isPresent());
    return COLLECTOR.span(place, trace).orElseThrow();
  }

  @Test
  void aWriteAtAnEdgeIsASpanThereAndItsChildAtTheOrigin() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    send("PUT", edge, "/v1/namespaces/n/values/k", "00-" + trace + "-" + PARENT + "-01");

    JsonNode atEdge = awaitSpan("edge", trace);
    JsonNode atOrigin = awaitSpan("main", trace);
    assertThat(atEdge.path("parentSpanId").asString()).isEqualTo(PARENT);
    assertThat(atOrigin.path("parentSpanId")).isEqualTo(atEdge.path("spanId"));
    assertThat(atOrigin.path("name").asString()).isEqualTo("put");
    assertThat(attribute(atOrigin, "http.response.status_code")).isEqualTo("200");
    assertThat(attribute(atOrigin, "selvedge.namespace")).hasSize(32);
    assertThat(atOrigin.path("endTimeUnixNano").asString())
        .isGreaterThan(atOrigin.path("startTimeUnixNano").asString());
    assertThat(atEdge.toString()).doesNotContain("values/k");
    assertThat(COLLECTOR.keys).containsOnly("secret");
  }

  @Test
  void aTraceThatTheClientDoesNotRecordIsNotRecorded() throws Exception {
    String trace = "11f92f3577b34da6a3ce929d0e0e4736";
    String later = "22f92f3577b34da6a3ce929d0e0e4736";

    send("GET", origin, "/v1/namespaces/n/values/k", "00-" + trace + "-" + PARENT + "-00");
    send("GET", origin, "/v1/namespaces/n/values/k", "00-" + later + "-" + PARENT + "-01");

    awaitSpan("main", later);
    assertThat(COLLECTOR.span("main", trace)).isEmpty();
  }

  @Test
  void aHistogramInOpenMetricsHasTheTraceOfARequest() throws Exception {
    String trace = "33f92f3577b34da6a3ce929d0e0e4736";

    send("GET", origin, "/v1/namespaces/n/values/none", "00-" + trace + "-" + PARENT + "-01");

    String span = awaitSpan("main", trace).path("spanId").asString();
    String exemplar = "# {span_id=\"" + span + "\",trace_id=\"" + trace + "\"} ";
    Polling.await("an exemplar", () -> scrape("application/openmetrics-text").contains(exemplar));
    assertThat(scrape("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3"))
        .endsWith("# EOF\n");
    assertThat(scrape("text/plain")).contains("selvedge_requests_seconds").doesNotContain("# {");
  }

  private static String scrape(String types) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(origin.resolve("/metrics")).header("Accept", types).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  @Test
  void metricsHaveTheNamesThatPrometheusSees() throws Exception {
    Polling.await(
        "metrics of both servers, after a refusal",
        () -> COLLECTOR.metrics.size() >= 2 && COLLECTOR.refused.get() > 2);

    List<String> names = new ArrayList<>();
    for (JsonNode resource : COLLECTOR.metrics) {
      for (JsonNode metric : resource.path("scopeMetrics").path(0).path("metrics")) {
        names.add(metric.path("name").asString());
        if (metric.has("histogram")) {
          JsonNode point = metric.path("histogram").path("dataPoints").path(0);
          assertThat(point.path("bucketCounts").size())
              .isEqualTo(point.path("explicitBounds").size() + 1);
        }
      }
    }
    assertThat(names)
        .contains("selvedge_health", "selvedge_hot_hits_total", "selvedge_requests_seconds");
  }
}
