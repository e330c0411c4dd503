package selvedge.server.site;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import selvedge.engine.edge.Replica;
import selvedge.server.metrics.ServerMetrics;

/** What only an edge has to tell. */
public record EdgeMetrics(Supplier<Optional<Replica>> replica) {
  private long ask(ToLongFunction<Replica> what, long otherwise) {
    return replica.get().map(what::applyAsLong).orElse(otherwise);
  }

  public void register(ServerMetrics metrics) {
    metrics.gauge(
        "edge.age.millis",
        "since this edge was last known to be complete; -1 if never",
        () -> ask(each -> each.freshness().age().map(Duration::toMillis).orElse(-1L), 0));
    metrics.gauge(
        "edge.connected",
        "whether the feed of the origin is followed",
        () -> ask(each -> each.connection().open() ? 1 : 0, 0));
    metrics.counter(
        "edge.stale.answers",
        "answers that were older than the bound of their namespace",
        () -> ask(Replica::staleAnswers, 0));
    metrics.counter(
        "edge.cached.hits",
        "reads of cached namespaces that were answered from what is held",
        () -> ask(Replica::cachedHits, 0));
    metrics.counter(
        "edge.cached.misses",
        "reads of cached namespaces for which the origin was asked",
        () -> ask(Replica::cachedMisses, 0));
    metrics.gauge(
        "edge.propagation.p50.micros",
        "how long changes of the last minutes took to become visible, median",
        () -> ask(each -> micros(each.delays().summary().median()), 0));
    metrics.gauge(
        "edge.propagation.p99.micros",
        "how long changes of the last minutes took to become visible, 99 of 100",
        () -> ask(each -> micros(each.delays().summary().p99()), 0));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
