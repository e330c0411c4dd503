package selvedge.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import selvedge.model.NamespaceId;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Operation;
import selvedge.server.analytics.Row;
import selvedge.server.analytics.Sketch;
import selvedge.server.analytics.Stored;

/**
 * The metrics of the busiest namespaces of this server, and of the others together. Safe for use by
 * many threads.
 */
final class NamespaceMetrics {
  private static final String OTHER = "other";
  private static final double NANOS_PER_SECOND = 1e9;

  private final Analytics analytics;
  private final Function<NamespaceId, Optional<String>> titles;
  private final Duration[] bounds;

  private record Series(NamespaceId namespace, Operation operation) implements Comparable<Series> {
    Labels labels() {
      return Labels.of("namespace", label(namespace), "operation", operation.id());
    }

    @Override
    public int compareTo(Series other) {
      int order = namespace.compareTo(other.namespace);
      return order == 0 ? operation.compareTo(other.operation) : order;
    }
  }

  /** The sum of the operations of a series. */
  private static final class Sum {
    private final Sketch durations = new Sketch();
    private long bytesIn;
    private long bytesOut;

    void add(Row row) {
      durations.add(row.durations());
      bytesIn += row.bytesIn();
      bytesOut += row.bytesOut();
    }
  }

  /**
   * @param titles returns the title of a namespace; empty for one that was deleted
   * @param bounds of the histogram
   */
  NamespaceMetrics(
      Analytics analytics, Function<NamespaceId, Optional<String>> titles, Duration[] bounds) {
    this.analytics = analytics;
    this.titles = titles;
    this.bounds = bounds.clone();
  }

  private static String label(NamespaceId namespace) {
    return namespace.equals(Row.OTHER) ? OTHER : namespace.hex();
  }

  /** Returns the current values. */
  MetricSnapshots snapshots() {
    List<Row> rows = analytics.sinceStart();
    List<Stored> amounts = analytics.lastStored();
    Map<Series, Sum> sums = new TreeMap<>();
    Map<NamespaceId, String> named = new TreeMap<>();
    for (Row row : rows) {
      sums.computeIfAbsent(new Series(row.namespace(), row.operation()), _ -> new Sum()).add(row);
      titles.apply(row.namespace()).ifPresent(title -> named.put(row.namespace(), title));
    }
    for (Stored amount : amounts) {
      titles.apply(amount.namespace()).ifPresent(title -> named.put(amount.namespace(), title));
    }
    return MetricSnapshots.of(
        operations(rows),
        durations(sums),
        bytes("selvedge_namespace_received_bytes", "bytes of the bodies of requests", sums, true),
        bytes("selvedge_namespace_sent_bytes", "bytes of the bodies of answers", sums, false),
        amounts("selvedge_namespace_keys", "keys when they were last counted", amounts, true),
        amounts("selvedge_namespace_stored_bytes", "bytes when last counted", amounts, false),
        titles(named));
  }

  private static CounterSnapshot operations(List<Row> rows) {
    var operations =
        CounterSnapshot.builder()
            .name("selvedge_namespace_operations")
            .help("operations that this server answered");
    for (Row row : rows) {
      operations.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(
                  Labels.of(
                      "namespace",
                      label(row.namespace()),
                      "operation",
                      row.operation().id(),
                      "status",
                      Integer.toString(row.status())))
              .value((double) row.count())
              .build());
    }
    return operations.build();
  }

  private HistogramSnapshot durations(Map<Series, Sum> sums) {
    var durations =
        HistogramSnapshot.builder()
            .name("selvedge_namespace_operation_seconds")
            .help("time from the head of a request to the end of its answer");
    sums.forEach(
        (series, sum) ->
            durations.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(series.labels())
                    .classicHistogramBuckets(buckets(sum.durations))
                    .sum(sum.durations.sumNanos() / NANOS_PER_SECOND)
                    .build()));
    return durations.build();
  }

  private ClassicHistogramBuckets buckets(Sketch durations) {
    var buckets = ClassicHistogramBuckets.builder();
    long before = 0;
    for (Duration bound : bounds) {
      long count = durations.countUpTo(bound.toNanos());
      buckets.bucket(bound.toNanos() / NANOS_PER_SECOND, count - before);
      before = count;
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, durations.count() - before).build();
  }

  private static CounterSnapshot bytes(
      String name, String help, Map<Series, Sum> sums, boolean received) {
    var bytes = CounterSnapshot.builder().name(name).help(help);
    sums.forEach(
        (series, sum) ->
            bytes.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(series.labels())
                    .value((double) (received ? sum.bytesIn : sum.bytesOut))
                    .build()));
    return bytes.build();
  }

  /** Returns a gauge, which is NaN for the others if none are counted. */
  private static GaugeSnapshot amounts(
      String name, String help, List<Stored> amounts, boolean keys) {
    Map<String, Double> values = new TreeMap<>();
    values.put(OTHER, Double.NaN);
    for (Stored amount : amounts) {
      values.put(label(amount.namespace()), (double) (keys ? amount.keys() : amount.bytes()));
    }
    var gauge = GaugeSnapshot.builder().name(name).help(help);
    values.forEach(
        (namespace, value) ->
            gauge.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("namespace", namespace))
                    .value(value)
                    .build()));
    return gauge.build();
  }

  private static GaugeSnapshot titles(Map<NamespaceId, String> named) {
    List<GaugeDataPointSnapshot> points = new ArrayList<>();
    named.forEach(
        (namespace, title) ->
            points.add(
                GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("namespace", namespace.hex(), "title", title))
                    .value(1)
                    .build()));
    var gauge =
        GaugeSnapshot.builder()
            .name("selvedge_namespace_info")
            .help("1; the labels describe a namespace");
    points.forEach(gauge::dataPoint);
    return gauge.build();
  }
}
