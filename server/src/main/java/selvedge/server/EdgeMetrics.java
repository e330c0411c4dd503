package selvedge.server;

import java.time.Duration;
import java.util.function.Supplier;
import selvedge.engine.origin.Replica;
import selvedge.server.metrics.ServerMetrics;

/** What only an edge has to tell. */
record EdgeMetrics(Supplier<Replica> replica) {
  void register(ServerMetrics metrics) {
    metrics.gauge(
        "edge.age.millis",
        "since this edge was last known to be complete; -1 if never",
        () -> replica.get().freshness().age().map(Duration::toMillis).orElse(-1L));
    metrics.gauge(
        "edge.connected",
        "whether the feed of the origin is followed",
        () -> replica.get().connection().open() ? 1 : 0);
    metrics.counter(
        "edge.stale.answers",
        "answers that were older than the bound of their namespace",
        () -> replica.get().staleAnswers());
    metrics.gauge(
        "edge.propagation.p50.micros",
        "how long changes of the last minutes took to become visible, median",
        () -> micros(replica.get().delays().summary().median()));
    metrics.gauge(
        "edge.propagation.p99.micros",
        "how long changes of the last minutes took to become visible, 99 of 100",
        () -> micros(replica.get().delays().summary().p99()));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
