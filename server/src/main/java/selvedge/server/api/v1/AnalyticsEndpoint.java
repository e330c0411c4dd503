package selvedge.server.api.v1;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import selvedge.engine.summary.Summaries;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Dimension;
import selvedge.server.analytics.Group;
import selvedge.server.analytics.HeldMemory;
import selvedge.server.analytics.Row;
import selvedge.server.analytics.Selection;
import selvedge.server.analytics.Stored;
import selvedge.server.analytics.Total;
import selvedge.server.analytics.Visibility;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/analytics}: the numbers of the past. Safe for use by many threads. */
public final class AnalyticsEndpoint {
  private static final Map<String, Duration> SPANS =
      Map.of(
          "1h", Duration.ofHours(1),
          "24h", Duration.ofHours(24),
          "7d", Duration.ofDays(7),
          "31d", Duration.ofDays(31));
  private static final Set<Dimension> DIMENSIONS = EnumSet.complementOf(EnumSet.of(Dimension.TIME));
  private static final long[] STEPS = {60, 600, 3600, 14_400, 86_400};
  private static final long STEP_MAX = Duration.ofDays(31).toSeconds();
  private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");
  private static final int POINTS = 200;
  private static final Map<String, Double> SHARES =
      new TreeMap<>(
          Map.of("p25", 0.25, "p50", 0.5, "p75", 0.75, "p90", 0.9, "p99", 0.99, "p999", 0.999));

  private final Analytics analytics;
  private final Namespaces namespaces;
  private final Summaries summaries;
  private final InstantSource clock;

  public AnalyticsEndpoint(
      Analytics analytics, Namespaces namespaces, Summaries summaries, InstantSource clock) {
    this.analytics = analytics;
    this.namespaces = namespaces;
    this.summaries = summaries;
    this.clock = clock;
  }

  /** A span of time with its step, in seconds. */
  private record Span(long from, long to, long step) {}

  /** Returns the sums of the operations that the request selects, by time and in all. */
  Response read(Request request, Caller caller) {
    if (!analytics.isEnabled()) {
      throw new V1Failure(
          404, "no_analytics", "this server keeps no numbers: its limit analytics-bytes is 0");
    }
    Query query = Query.of(request);
    var visible = new Visibility(caller, namespaces);
    if (visible.isNone()) {
      throw V1Failure.forbidden("numbers require a token that may read every key of a namespace");
    }
    Span span = span(query);
    Predicate<NamespaceId> named = named(query, visible);
    Optional<String> place = query.text("place");
    Selection.RowFilter rows =
        (_, row) -> named.test(row.namespace()) && place.map(row.place()::equals).orElse(true);
    var selection = new Selection(span.from(), span.to(), span.step(), rows);
    Set<Dimension> byTime = EnumSet.of(Dimension.TIME);
    byTime.addAll(dimensions(query));
    var growth = new HeldMemory(request.memory());
    Map<Group, Total> points = selection.totals(analytics, byTime, growth);
    Map<Group, Total> totals = Selection.overTime(points, growth);
    List<Selection.Sample> samples =
        new ArrayList<>(selection.samples(analytics, each -> named.test(each.namespace()), growth));
    samples.addAll(now(span, visible, named));
    return V1Api.json(
        json -> {
          json.writeStringProperty("from", Instant.ofEpochSecond(span.from()).toString());
          json.writeStringProperty("to", Instant.ofEpochSecond(span.to()).toString());
          json.writeNumberProperty("step_seconds", span.step());
          write(json, "totals", totals);
          write(json, "points", points);
          stored(json, samples, span);
        });
  }

  private Span span(Query query) {
    Instant now = clock.instant();
    Instant to = query.text("to").map(AnalyticsEndpoint::moment).orElse(now);
    Optional<String> start = query.text("from");
    Instant from =
        start.isPresent() ? moment(start.get()) : to.minus(span(query.text("since").orElse("24h")));
    Duration length = Duration.between(from, to);
    if (length.isNegative() || length.isZero()) {
      throw new InvalidRequestException("from must be before to, got " + from + " and " + to);
    }
    long step = query.text("step").map(AnalyticsEndpoint::seconds).orElseGet(() -> usual(length));
    long first = from.getEpochSecond();
    return new Span(first - first % step, to.getEpochSecond() + 1, step);
  }

  private static Duration span(String text) {
    Duration span = SPANS.get(text);
    if (span == null) {
      throw new InvalidRequestException(
          "since must be 1h, 24h, 7d or 31d, got \"" + text + "\"; another span needs from and to");
    }
    return span;
  }

  private static Instant moment(String text) {
    try {
      Instant moment = Instant.parse(text);
      if (!moment.isBefore(Instant.EPOCH) && moment.isBefore(END)) {
        return moment;
      }
    } catch (DateTimeException e) {
      throw badMoment(text);
    }
    throw badMoment(text);
  }

  private static InvalidRequestException badMoment(String text) {
    return new InvalidRequestException(
        "from and to must be times from 1970 to 9999 such as 2026-01-31T12:00:00Z, got \""
            + text
            + "\"");
  }

  private static long seconds(String text) {
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= STEPS[0] && seconds <= STEP_MAX && seconds % STEPS[0] == 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw badStep(text);
    }
    throw badStep(text);
  }

  private static InvalidRequestException badStep(String text) {
    return new InvalidRequestException(
        "step must be a number of seconds that is a multiple of 60, at most "
            + STEP_MAX
            + ", got \""
            + text
            + "\"");
  }

  private static long usual(Duration length) {
    return Arrays.stream(STEPS)
        .filter(step -> length.toSeconds() / step <= POINTS)
        .findFirst()
        .orElse(STEPS[STEPS.length - 1]);
  }

  private static Set<Dimension> dimensions(Query query) {
    Set<Dimension> by = EnumSet.noneOf(Dimension.class);
    for (String name : query.text("by").orElse("operation").split(",", -1)) {
      if (!name.isEmpty()) {
        by.add(
            DIMENSIONS.stream()
                .filter(each -> each.id().equals(name))
                .findFirst()
                .orElseThrow(() -> badDimension(name)));
      }
    }
    return by;
  }

  private static InvalidRequestException badDimension(String name) {
    return new InvalidRequestException(
        "by must be some of "
            + DIMENSIONS.stream().map(Dimension::id).collect(Collectors.joining(", "))
            + ", separated by commas, got \""
            + name
            + "\"");
  }

  private static Predicate<NamespaceId> named(Query query, Visibility visible) {
    Optional<String> name = query.text("namespace");
    if (name.isEmpty()) {
      return visible::includes;
    }
    NamespaceId id =
        visible.namespaces().stream()
            .filter(info -> info.id().hex().equals(name.get()) || info.title().equals(name.get()))
            .map(NamespaceInfo::id)
            .findFirst()
            .orElseThrow(
                () ->
                    new V1Failure(
                        404,
                        "namespace_not_found",
                        "there is no namespace \""
                            + name.get()
                            + "\" of which the token may read every key"));
    return id::equals;
  }

  /** Returns the amounts of the namespaces that are counted now. */
  private List<Selection.Sample> now(Span span, Visibility visible, Predicate<NamespaceId> named) {
    List<Selection.Sample> samples = new ArrayList<>();
    long now = clock.instant().getEpochSecond();
    if (now >= span.to()) {
      return samples;
    }
    for (NamespaceInfo info : visible.namespaces()) {
      if (named.test(info.id())) {
        summaries
            .peek(info.id())
            .ifPresent(
                amount ->
                    samples.add(
                        new Selection.Sample(
                            now, new Stored(info.id(), amount.keys(), amount.bytes()))));
      }
    }
    return samples;
  }

  private static void write(JsonGenerator json, String name, Map<Group, Total> groups) {
    json.writeArrayPropertyStart(name);
    groups.forEach(
        (group, total) -> {
          json.writeStartObject();
          if (group.time() > 0) {
            json.writeStringProperty("at", Instant.ofEpochSecond(group.time()).toString());
          }
          if (group.namespace() != null) {
            json.writeStringProperty(
                "namespace",
                group.namespace().equals(Row.OTHER) ? "other" : group.namespace().hex());
          }
          if (group.place() != null) {
            json.writeStringProperty("place", group.place());
          }
          if (group.operation() != null) {
            json.writeStringProperty("operation", group.operation().id());
          }
          if (group.status() > 0) {
            json.writeNumberProperty("status", group.status());
          }
          json.writeNumberProperty("requests", total.requests());
          json.writeNumberProperty("bytes_in", total.bytesIn());
          json.writeNumberProperty("bytes_out", total.bytesOut());
          json.writeObjectPropertyStart("millis");
          SHARES.forEach((share, part) -> json.writeNumberProperty(share, total.millis(part)));
          json.writeEndObject();
          json.writeEndObject();
        });
    json.writeEndArray();
  }

  /** Writes the sum of the last amounts of all namespaces at the end of each step. */
  private static void stored(JsonGenerator json, List<Selection.Sample> samples, Span span) {
    Map<Long, List<Stored>> steps = new TreeMap<>();
    for (Selection.Sample sample : samples) {
      long step = sample.time() - Math.floorMod(sample.time(), span.step());
      steps.computeIfAbsent(step, _ -> new ArrayList<>()).add(sample.stored());
    }
    Map<NamespaceId, Stored> last = new HashMap<>();
    json.writeArrayPropertyStart("stored");
    steps.forEach(
        (time, amounts) -> {
          amounts.forEach(amount -> last.put(amount.namespace(), amount));
          json.writeStartObject();
          json.writeStringProperty("at", Instant.ofEpochSecond(time).toString());
          json.writeNumberProperty("keys", sum(last, Stored::keys));
          json.writeNumberProperty("bytes", sum(last, Stored::bytes));
          json.writeEndObject();
        });
    json.writeEndArray();
  }

  private static long sum(Map<NamespaceId, Stored> amounts, ToLongFunction<Stored> part) {
    return amounts.values().stream().mapToLong(part).sum();
  }
}
