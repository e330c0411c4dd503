package selvedge.server.site;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import selvedge.engine.edge.Replica;
import selvedge.server.metrics.ServerMetrics;

/** The metrics of an edge. */
public record EdgeMetrics(Supplier<Optional<Replica>> replica) {
  private long read(ToLongFunction<Replica> figure, long otherwise) {
    return replica.get().map(figure::applyAsLong).orElse(otherwise);
  }

  /** Registers the metrics. */
  public void register(ServerMetrics metrics) {
    metrics.gauge(
        "edge.age.millis",
        "time since this edge last had every change of its origin; -1 if never",
        () -> read(each -> each.freshness().age().map(Duration::toMillis).orElse(-1L), 0));
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
    metrics.gauge(
        "edge.propagation.p50.micros",
        "how long changes of the last minutes took to become visible, median",
        () -> read(each -> micros(each.delays().summary().median()), 0));
    metrics.gauge(
        "edge.propagation.p99.micros",
        "how long changes of the last minutes took to become visible, 99 of 100",
        () -> read(each -> micros(each.delays().summary().p99()), 0));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
