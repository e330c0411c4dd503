package selvedge.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.UnreachableException;
import selvedge.model.Selvedge;

final class MicrometerObserverTest {

  @Test
  void attemptsAreCountedAndTimed() {
    var registry = new SimpleMeterRegistry();
    ClientOptions options =
        ClientOptions.of(URI.create("http://127.0.0.1:1"))
            .deadline(Duration.ofSeconds(3))
            .observer(MicrometerObserver.of(registry));
    try (Selvedge client = Client.of(options)) {
      assertThatThrownBy(() -> client.namespace("n")).isInstanceOf(UnreachableException.class);
    }
    for (String again : List.of("false", "true")) {
      assertThat(
              registry
                  .get("selvedge.client.requests")
                  .tag("operation", "namespace")
                  .tag("server", "127.0.0.1:1")
                  .tag("status", "none")
                  .tag("again", again)
                  .timer()
                  .count())
          .isPositive();
    }
  }

  private static ObservationRegistry tracing(SdkTracerProvider provider) {
    Tracer spans = provider.get("test");
    var tracer = new OtelTracer(spans, new OtelCurrentTraceContext(), event -> {});
    var propagator =
        new OtelPropagator(
            ContextPropagators.create(W3CTraceContextPropagator.getInstance()), spans);
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationHandler(new PropagatingSenderTracingObservationHandler<>(tracer, propagator));
    return registry;
  }

  @Test
  void sendsTheContextOfASpanWithTheRequest() throws IOException {
    List<String> parents = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          parents.add(exchange.getRequestHeaders().getFirst("traceparent"));
          exchange.getResponseHeaders().set("Selvedge-Namespace", "a".repeat(32));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (SdkTracerProvider provider =
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build();
        Selvedge client =
            Client.of(ClientOptions.of(uri).observer(new MicrometerObserver(tracing(provider))))) {
      client.namespace("n");
      SpanData span = exporter.getFinishedSpanItems().getFirst();
      assertThat(span.getName()).isEqualTo("selvedge namespace");
      assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
      assertThat(span.getAttributes().get(AttributeKey.stringKey("status"))).isEqualTo("200");
      assertThat(parents.getFirst())
          .startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-");
    } finally {
      server.stop(0);
    }
  }
}
