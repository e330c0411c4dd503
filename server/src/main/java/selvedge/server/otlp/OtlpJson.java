package selvedge.server.otlp;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import selvedge.model.NamespaceId;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes requests of OTLP in its form as JSON. Immutable.
 *
 * <p>Numbers of 64 bits are text, as the JSON of Protocol Buffers requires.
 */
final class OtlpJson {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SCOPE = "selvedge";
  private static final int SERVER_KIND = 2;
  private static final int ERROR_CODE = 2;
  private static final int CUMULATIVE = 2;
  private static final int SERVER_ERROR = 500;

  private final Map<String, String> resource;
  private final String start;

  /**
   * @param resource the attributes of this server
   * @param start of the counts
   */
  OtlpJson(Map<String, String> resource, Instant start) {
    this.resource = Map.copyOf(resource);
    this.start = nanos(start);
  }

  private static String nanos(Instant instant) {
    return Long.toString(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano());
  }

  private ObjectNode resource() {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode attributes = json.putArray("attributes");
    resource.forEach((name, value) -> text(attributes, name, value));
    return json;
  }

  private static void text(ArrayNode attributes, String name, String value) {
    attributes.addObject().put("key", name).putObject("value").put("stringValue", value);
  }

  /** Returns the request that exports spans. */
  byte[] traces(List<Span> spans) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode scoped = json.putArray("resourceSpans").addObject();
    scoped.set("resource", resource());
    ObjectNode scope = scoped.putArray("scopeSpans").addObject();
    scope.putObject("scope").put("name", SCOPE);
    ArrayNode all = scope.putArray("spans");
    for (Span span : spans) {
      span(all.addObject(), span);
    }
    return JSON.writeValueAsBytes(json);
  }

  private static void span(ObjectNode json, Span span) {
    json.put("traceId", span.context().traceId());
    json.put("spanId", span.context().spanId());
    if (!span.context().parentId().isEmpty()) {
      json.put("parentSpanId", span.context().parentId());
    }
    json.put("name", span.operation());
    json.put("kind", SERVER_KIND);
    json.put("startTimeUnixNano", Long.toString(span.start()));
    json.put("endTimeUnixNano", Long.toString(span.end()));
    ArrayNode attributes = json.putArray("attributes");
    text(attributes, "http.request.method", span.method());
    attributes
        .addObject()
        .put("key", "http.response.status_code")
        .putObject("value")
        .put("intValue", Integer.toString(span.status()));
    if (!span.namespace().equals(NamespaceId.SYSTEM)) {
      text(attributes, "selvedge.namespace", span.namespace().hex());
    }
    if (span.status() >= SERVER_ERROR) {
      json.putObject("status").put("code", ERROR_CODE);
    }
  }

  /** Returns the request that exports metrics, under the names that {@code /metrics} has. */
  byte[] metrics(MetricSnapshots snapshots, Instant now) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode scoped = json.putArray("resourceMetrics").addObject();
    scoped.set("resource", resource());
    ObjectNode scope = scoped.putArray("scopeMetrics").addObject();
    scope.putObject("scope").put("name", SCOPE);
    ArrayNode all = scope.putArray("metrics");
    String time = nanos(now);
    for (MetricSnapshot snapshot : snapshots) {
      if (!snapshot.getDataPoints().isEmpty()) {
        metric(all, snapshot, time);
      }
    }
    return JSON.writeValueAsBytes(json);
  }

  private void metric(ArrayNode all, MetricSnapshot snapshot, String time) {
    String name = snapshot.getMetadata().getPrometheusName();
    switch (snapshot) {
      case CounterSnapshot counter -> {
        ObjectNode sum = metric(all, name + "_total", snapshot).putObject("sum");
        sum.put("aggregationTemporality", CUMULATIVE).put("isMonotonic", true);
        numbers(sum, counter.getDataPoints(), point -> point.getValue(), time);
      }
      case GaugeSnapshot gauge ->
          numbers(
              metric(all, name, snapshot).putObject("gauge"),
              gauge.getDataPoints(),
              point -> point.getValue(),
              time);
      case HistogramSnapshot histogram -> {
        ObjectNode json = metric(all, name, snapshot).putObject("histogram");
        json.put("aggregationTemporality", CUMULATIVE);
        ArrayNode points = json.putArray("dataPoints");
        for (HistogramDataPointSnapshot point : histogram.getDataPoints()) {
          histogram(point(points, point, time), point);
        }
      }
      case SummarySnapshot summary -> {
        ObjectNode json = metric(all, name, snapshot).putObject("summary");
        ArrayNode points = json.putArray("dataPoints");
        for (var point : summary.getDataPoints()) {
          point(points, point, time)
              .put("count", Long.toString(point.getCount()))
              .put("sum", point.getSum());
        }
      }
      default -> {
        // The server has no metrics of other types.
      }
    }
  }

  private static ObjectNode metric(ArrayNode all, String name, MetricSnapshot snapshot) {
    ObjectNode metric = all.addObject().put("name", name);
    String help = snapshot.getMetadata().getHelp();
    return help == null ? metric : metric.put("description", help);
  }

  /** A point without a number is left out, because JSON has none for it. */
  private <T extends DataPointSnapshot> void numbers(
      ObjectNode json, List<T> points, ToDoubleFunction<T> value, String time) {
    ArrayNode all = json.putArray("dataPoints");
    for (T point : points) {
      double number = value.applyAsDouble(point);
      if (Double.isFinite(number)) {
        point(all, point, time).put("asDouble", number);
      }
    }
  }

  private ObjectNode point(ArrayNode all, DataPointSnapshot point, String time) {
    ObjectNode json = all.addObject().put("startTimeUnixNano", start).put("timeUnixNano", time);
    ArrayNode attributes = json.putArray("attributes");
    point.getLabels().forEach(label -> text(attributes, label.getName(), label.getValue()));
    return json;
  }

  private static void histogram(ObjectNode json, HistogramDataPointSnapshot point) {
    json.put("count", Long.toString(point.getCount())).put("sum", point.getSum());
    ArrayNode counts = json.putArray("bucketCounts");
    ArrayNode bounds = json.putArray("explicitBounds");
    for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
      counts.add(Long.toString(bucket.getCount()));
      if (Double.isFinite(bucket.getUpperBound())) {
        bounds.add(bucket.getUpperBound());
      }
    }
  }
}
