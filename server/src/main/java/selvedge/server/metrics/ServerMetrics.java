package selvedge.server.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import selvedge.engine.origin.Meter;
import selvedge.model.NamespaceId;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.Request;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Routes;
import selvedge.server.health.Health;
import selvedge.server.health.State;
import selvedge.server.http.HttpMeter;

/**
 * The metrics of the server in the text formats of Prometheus and OpenMetrics. Safe for use by many
 * threads.
 */
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
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60)
  };

  /** The values of the label for the protocol. */
  private static final List<String> PROTOCOLS =
      Arrays.stream(ProtocolName.values()).map(ProtocolName::label).distinct().toList();

  /**
   * The values of the label for the method. Clients may send any method, so all others share a
   * value.
   */
  private static final List<String> METHODS =
      List.of("GET", "PUT", "POST", "DELETE", "HEAD", "other");

  private static final int STATUSES = 1000;
  private static final double MILLIS_PER_SECOND = 1000;

  private final PrometheusMeterRegistry registry;
  private final LongAdder connections = new LongAdder();
  private final LongAdder inFlight = new LongAdder();

  /** The timers by protocol, method and status. An array, because each request looks one up. */
  private final AtomicReferenceArray<@Nullable Timer> requests =
      new AtomicReferenceArray<>(PROTOCOLS.size() * METHODS.size() * STATUSES);

  private final Timer commits;
  private final Timer syncs;
  private final Timer upkeep;

  /** Keeps the suppliers alive: the registry has only weak references to them. */
  private final List<Object> suppliers = new CopyOnWriteArrayList<>();

  private final Counter changes;
  private final Counter failures;
  private final Timer propagation;

  /** Runs before each scrape. */
  private final List<Runnable> refreshed = new CopyOnWriteArrayList<>();

  private final ReentrantLock scraping = new ReentrantLock();

  /**
   * @param traced whether histograms keep exemplars, which are spans of requests
   */
  public ServerMetrics(boolean traced) {
    this.registry =
        new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT,
            new PrometheusRegistry(),
            Clock.SYSTEM,
            traced ? new MeasuredSpan() : null);
    Gauge.builder("selvedge.connections", connections, LongAdder::sum)
        .description("open connections")
        .register(registry);
    Gauge.builder("selvedge.requests.in.flight", inFlight, LongAdder::sum)
        .description("requests that run on threads")
        .register(registry);
    this.commits =
        Timer.builder("selvedge.commits")
            .description("synced commits of the writer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.syncs =
        Timer.builder("selvedge.sync")
            .description("syncs of the journal to the disk")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.upkeep =
        Timer.builder("selvedge.upkeep")
            .description("maintenance steps, which block the writer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    this.changes =
        Counter.builder("selvedge.changes").description("committed changes").register(registry);
    this.failures =
        Counter.builder("selvedge.commit.failures")
            .description("commits that failed")
            .register(registry);
    this.propagation =
        Timer.builder("selvedge.edge.propagation")
            .description("time until changes of the origin became visible at this edge")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    number("process.resident.bytes", "memory of the process", ResidentMemory::bytes);
    FunctionCounter.builder("selvedge.process.gc.seconds", this, _ -> collectorSeconds())
        .description("time that the collector of the JVM has taken since the start")
        .register(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  /** Registers a number that can rise and fall. */
  public void gauge(String name, String description, LongSupplier number) {
    number(name, description, number::getAsLong);
  }

  /** Registers a number that can rise and fall and need not be whole, such as seconds. */
  public void number(String name, String description, DoubleSupplier number) {
    number(name, description, Tags.empty(), number);
  }

  private void number(String name, String description, Tags tags, DoubleSupplier number) {
    suppliers.add(number);
    Gauge.builder("selvedge." + name, number, DoubleSupplier::getAsDouble)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** Registers a gauge for each state, which is 1 for the state that the server is in. */
  public void states(Supplier<Health> health) {
    for (State state : State.values()) {
      number(
          "health",
          "1 for the state that the server is in",
          Tags.of("state", state.label()),
          () -> health.get().state() == state ? 1 : 0);
    }
  }

  /** Registers a constant 1 whose labels describe the program. */
  public void build(String version) {
    number(
        "build.info",
        "1; the labels describe the program",
        Tags.of("version", version, "java", System.getProperty("java.version", "unknown")),
        () -> 1);
  }

  /**
   * Registers a gauge with a value for each edge.
   *
   * @param rows returns the values by the location of the edge, at each scrape
   */
  public void edges(String name, String description, Supplier<Map<String, Double>> rows) {
    MultiGauge gauge =
        MultiGauge.builder("selvedge." + name).description(description).register(registry);
    refreshed.add(
        () ->
            gauge.register(
                rows.get().entrySet().stream()
                    .map(row -> MultiGauge.Row.of(Tags.of("edge", row.getKey()), row.getValue()))
                    .collect(Collectors.toList()),
                true));
  }

  /**
   * Registers the metrics of the busiest namespaces.
   *
   * @param titles returns the title of a namespace; empty for one that was deleted
   */
  public void namespaces(Analytics analytics, Function<NamespaceId, Optional<String>> titles) {
    registry
        .getPrometheusRegistry()
        .register(new NamespaceMetrics(analytics, titles, BUCKETS)::snapshots);
  }

  /** Records how long a change took to become visible at this edge. */
  public void propagated(Duration time) {
    if (!time.isNegative()) {
      propagation.record(time);
    }
  }

  @Override
  public void failed(RuntimeException why) {
    failures.increment();
  }

  /** Registers a number that only rises. */
  public void counter(String name, String description, LongSupplier number) {
    suppliers.add(number);
    FunctionCounter.builder("selvedge." + name, number, LongSupplier::getAsLong)
        .description(description)
        .register(registry);
  }

  /** Registers the properties of the storage engine, which are read at each scrape. */
  public void properties(String prefix, Supplier<Map<String, Long>> properties) {
    suppliers.add(properties);
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
    CommitEvent.record(count, nanos);
  }

  /** Begins to measure a sync of the journal, and returns what ends it. */
  public Runnable syncing() {
    Runnable event = SyncEvent.begun();
    long begun = System.nanoTime();
    return () -> {
      event.run();
      syncs.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
    };
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
  public void answered(Request request, int status, long nanos, long in, long out) {
    int protocol = PROTOCOLS.indexOf(Routes.of(request).route().protocol().label());
    int method = method(request.method());
    int place = (protocol * METHODS.size() + method) * STATUSES + status;
    Timer timer = requests.get(place);
    if (timer == null) {
      timer = timer(PROTOCOLS.get(protocol), METHODS.get(method), status);
      requests.set(place, timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Returns the number of answered requests with one of the methods. */
  public long answered(String... methods) {
    long count = 0;
    for (String method : methods) {
      for (int protocol = 0; protocol < PROTOCOLS.size(); protocol++) {
        int first = (protocol * METHODS.size() + method(method)) * STATUSES;
        for (int place = first; place < first + STATUSES; place++) {
          Timer timer = requests.get(place);
          count += timer == null ? 0 : timer.count();
        }
      }
    }
    return count;
  }

  /**
   * Returns the timer. If two threads call this at once, the registry returns the same one to both.
   */
  private Timer timer(String protocol, String method, int status) {
    return Timer.builder("selvedge.requests")
        .description("answered requests")
        .tag("protocol", protocol)
        .tag("method", method)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static int method(String method) {
    int index = METHODS.indexOf(method);
    return index < 0 ? METHODS.size() - 1 : index;
  }

  private static double collectorSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(each -> Math.max(0, each.getCollectionTime()))
            .sum()
        / MILLIS_PER_SECOND;
  }

  /** Returns all values, as {@link #text} shows them. */
  public MetricSnapshots snapshots() {
    return scrape(registry.getPrometheusRegistry()::scrape);
  }

  /**
   * Returns the metrics as text.
   *
   * @param type the media type of a text form of Prometheus or of OpenMetrics
   */
  public String text(String type) {
    return scrape(() -> registry.scrape(type));
  }

  /**
   * Scrapes wait for each other: the rows of edges are replaced in several steps, between which
   * another scrape would find a row twice.
   */
  private <T> T scrape(Supplier<T> form) {
    scraping.lock();
    try {
      refreshed.forEach(Runnable::run);
      return form.get();
    } finally {
      scraping.unlock();
    }
  }
}
