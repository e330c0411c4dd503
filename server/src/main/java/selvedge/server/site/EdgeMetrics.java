package selvedge.server.site;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import selvedge.engine.edge.Replica;
import selvedge.server.metrics.ServerMetrics;

/** The metrics of an edge. */
public record EdgeMetrics(Supplier<Optional<Replica>> replica) {
  private static final double NANOS_PER_SECOND = 1e9;

  private long read(ToLongFunction<Replica> figure, long otherwise) {
    return replica.get().map(figure::applyAsLong).orElse(otherwise);
  }

  /** Registers the metrics. */
  public void register(ServerMetrics metrics) {
    metrics.number(
        "edge.age.seconds",
        "time since this edge last had every change of its origin; NaN if never",
        () -> number(each -> each.freshness().age().map(EdgeMetrics::seconds)));
    metrics.number(
        "clock.skew.seconds",
        "the clock of this machine minus that of the origin; NaN while unknown",
        () -> number(each -> each.clockSkew().map(EdgeMetrics::seconds)));
    metrics.gauge(
        "edge.connected",
        "1 while the feed of the origin is connected",
        () -> read(each -> each.connection().open() ? 1 : 0, 0));
    metrics.counter(
        "edge.stale.answers",
        "answers that were older than the bound of their namespace",
        () -> read(Replica::staleAnswers, 0));
    metrics.counter(
        "edge.cached.hits",
        "reads of cached namespaces answered from held copies",
        () -> read(Replica::cachedHits, 0));
    metrics.counter(
        "edge.cached.misses",
        "reads of cached namespaces that needed the origin",
        () -> read(Replica::cachedMisses, 0));
  }

  private double number(Function<Replica, Optional<Double>> figure) {
    return replica.get().flatMap(figure).orElse(Double.NaN);
  }

  private static double seconds(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration) / NANOS_PER_SECOND;
  }
}
