package selvedge.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.origin.Meter;
import selvedge.server.api.Request;
import selvedge.server.http.HttpMeter;

/** Everything the server counts, and its page of text. Safe for use by many threads. */
public final class ServerMetrics implements Meter, HttpMeter {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private static final List<String> FACES = List.of("rest", "native", "other");

  /** Clients choose methods freely, so only the known ones become a label. */
  private static final List<String> METHODS =
      List.of("GET", "PUT", "POST", "DELETE", "HEAD", "other");

  private static final int STATUSES = 1000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LongAdder connections = new LongAdder();
  private final LongAdder inFlight = new LongAdder();

  /** By face, method and status: looked for with every request. */
  private final AtomicReferenceArray<@Nullable Timer> requests =
      new AtomicReferenceArray<>(FACES.size() * METHODS.size() * STATUSES);

  private final Timer commits;
  private final Timer upkeep;

  /** The registry holds on to nothing that it asks. */
  private final List<Object> kept = new CopyOnWriteArrayList<>();

  private final Counter changes;

  public ServerMetrics() {
    Gauge.builder("selvedge.connections", connections, LongAdder::sum)
        .description("open connections")
        .register(registry);
    Gauge.builder("selvedge.requests.in.flight", inFlight, LongAdder::sum)
        .description("requests at work on threads of their own")
        .register(registry);
    this.commits =
        Timer.builder("selvedge.commits")
            .description("synced commits of the writer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.upkeep =
        Timer.builder("selvedge.upkeep")
            .description("pieces of upkeep, which hold the writer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.changes =
        Counter.builder("selvedge.changes").description("committed changes").register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  /** A number that can go up and down. */
  public void gauge(String name, String description, LongSupplier number) {
    kept.add(number);
    Gauge.builder("selvedge." + name, number, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  /** A number that only goes up. */
  public void counter(String name, String description, LongSupplier number) {
    kept.add(number);
    FunctionCounter.builder("selvedge." + name, number, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  /** What the storage engine tells of itself, asked at each scrape. */
  public void properties(String prefix, Supplier<Map<String, Long>> properties) {
    kept.add(properties);
    for (String name : properties.get().keySet()) {
      Gauge.builder(
              "selvedge." + prefix + "." + name,
              properties,
              all -> all.get().getOrDefault(name, 0L))
          .register(registry);
    }
  }

  @Override
  public long ticks() {
    return System.nanoTime();
  }

  @Override
  public void committed(int count, long nanos) {
    commits.record(Duration.ofNanos(nanos));
    changes.increment(count);
  }

  @Override
  public void upkeep(long nanos) {
    upkeep.record(Duration.ofNanos(nanos));
  }

  @Override
  public void connections(int change) {
    connections.add(change);
  }

  @Override
  public void inFlight(int change) {
    inFlight.add(change);
  }

  @Override
  public void answered(Request request, int status, long nanos) {
    int face = face(request.path());
    int method = method(request.method());
    int place = (face * METHODS.size() + method) * STATUSES + status;
    Timer timer = requests.get(place);
    if (timer == null) {
      timer = timer(FACES.get(face), METHODS.get(method), status);
      requests.set(place, timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The registry gives the same one again when two threads ask. */
  private Timer timer(String face, String method, int status) {
    return Timer.builder("selvedge.requests")
        .description("answered requests")
        .tag("face", face)
        .tag("method", method)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static int face(String path) {
    if (path.startsWith("/client/v4/")) {
      return 0;
    }
    return path.startsWith("/v1/") ? 1 : 2;
  }

  private static int method(String method) {
    int known = METHODS.indexOf(method);
    return known < 0 ? METHODS.size() - 1 : known;
  }

  public String text() {
    return registry.scrape();
  }
}
