package selvedge.server.api.rest;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Dimension;
import selvedge.server.analytics.Group;
import selvedge.server.analytics.HeldMemory;
import selvedge.server.analytics.Operation;
import selvedge.server.analytics.Selection;
import selvedge.server.analytics.Stored;
import selvedge.server.analytics.Total;
import selvedge.server.analytics.Visibility;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Response;

/**
 * The older analytics of the REST API, which GraphQL has replaced at the service. Safe for use by
 * many threads.
 */
final class AnalyticsEndpoint {
  private static final long USUAL_SECONDS = 6 * 3600L;
  private static final int ROWS = 10_000;
  private static final double KIB = 1024;
  private static final Map<String, Dimension> DIMENSIONS =
      Map.of(
          "namespaceId", Dimension.NAMESPACE,
          "requestType", Dimension.OPERATION,
          "responseCode", Dimension.STATUS);

  private final Analytics analytics;
  private final Namespaces namespaces;

  AnalyticsEndpoint(Analytics analytics, Namespaces namespaces) {
    this.analytics = analytics;
    this.namespaces = namespaces;
  }

  /** The parameters: the SDKs write {@code query[metrics]=a}, other clients {@code metrics=a}. */
  private record Question(Map<String, List<String>> parameters) {
    static Question of(Call call) {
      Map<String, List<String>> parameters = new TreeMap<>();
      for (String pair : call.request().query().split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          String name = decoded(pair.substring(0, equals));
          String plain = name.replaceFirst("^query\\[(\\w+)](\\[\\d*])?$", "$1");
          parameters
              .computeIfAbsent(plain.replace("[]", ""), _ -> new ArrayList<>())
              .addAll(Arrays.asList(decoded(pair.substring(equals + 1)).split(",", -1)));
        }
      }
      if (parameters.containsKey("filters")) {
        throw new InvalidRequestException(
            "filters are not supported here: send the filter of a query to /client/v4/graphql");
      }
      return new Question(parameters);
    }

    private static String decoded(String text) {
      return PercentCode.decodeQuery(text)
          .orElseThrow(() -> new InvalidRequestException("the query has a broken escape"))
          .utf8();
    }

    List<String> list(String name, List<String> usual) {
      return parameters.getOrDefault(name, usual);
    }

    long second(String name, long usual) {
      List<String> texts = parameters.get(name);
      try {
        return texts == null ? usual : Instant.parse(texts.getFirst()).getEpochSecond();
      } catch (DateTimeException e) {
        throw new InvalidRequestException(
            name + " must be a time such as 2026-01-31T12:00:00Z, got " + texts);
      }
    }
  }

  /** A row of the answer. */
  private record Line(List<String> dimensions, List<Double> metrics) {}

  Response operations(Call call) {
    Question question = Question.of(call);
    var visible = new Visibility(call.caller(), namespaces);
    List<String> dimensions = question.list("dimensions", List.of());
    List<String> metrics = question.list("metrics", List.of("requests", "readKiB", "writeKiB"));
    Set<Dimension> by = EnumSet.of(Dimension.OPERATION);
    for (String name : dimensions) {
      Optional.ofNullable(DIMENSIONS.get(name)).ifPresent(by::add);
    }
    Map<List<String>, double[]> sums = new TreeMap<>((one, other) -> compare(one, other));
    selection(question, call, visible)
        .totals(analytics, by, new HeldMemory(call.request().memory()))
        .forEach(
            (group, total) ->
                add(
                    sums,
                    dimensions.stream().map(name -> value(name, group, call)).toList(),
                    metrics.stream().mapToDouble(name -> metric(name, group, total)).toArray()));
    return answer(question, metrics, lines(sums));
  }

  private static int compare(List<String> one, List<String> other) {
    return one.toString().compareTo(other.toString());
  }

  private static void add(
      Map<List<String>, double[]> sums, List<String> dimensions, double[] metrics) {
    sums.merge(
        dimensions,
        metrics,
        (one, other) -> {
          double[] sum = one.clone();
          for (int index = 0; index < sum.length; index++) {
            sum[index] += other[index];
          }
          return sum;
        });
  }

  private static List<Line> lines(Map<List<String>, double[]> sums) {
    List<Line> lines = new ArrayList<>();
    sums.forEach(
        (dimensions, metrics) ->
            lines.add(new Line(dimensions, Arrays.stream(metrics).boxed().toList())));
    return lines;
  }

  private Selection selection(Question question, Call call, Visibility visible) {
    long now = analytics.now();
    return new Selection(
        question.second("since", now - USUAL_SECONDS),
        question.second("until", now + 1),
        1,
        (_, row) -> visible.includes(row.namespace(), call.account()));
  }

  private static String value(String name, Group group, Call call) {
    return switch (name) {
      case "accountId" -> call.account().hex();
      case "namespaceId" -> String.valueOf(group.namespace());
      case "requestType" -> group.operation() == null ? "" : group.operation().id();
      case "responseCode" -> Integer.toString(group.status());
      default ->
          throw new InvalidRequestException(
              "dimensions must be some of accountId, namespaceId, requestType, responseCode, got "
                  + name);
    };
  }

  private static double metric(String name, Group group, Total total) {
    boolean writes = group.operation() == Operation.WRITE;
    return switch (name) {
      case "requests" -> total.requests();
      case "readKiB" -> writes ? 0 : total.objectBytes() / KIB;
      case "writeKiB" -> writes ? total.objectBytes() / KIB : 0;
      default ->
          throw new InvalidRequestException(
              "metrics must be some of requests, readKiB, writeKiB, got " + name);
    };
  }

  Response stored(Call call) {
    Question question = Question.of(call);
    var visible = new Visibility(call.caller(), namespaces);
    List<String> dimensions = question.list("dimensions", List.of());
    List<String> metrics = question.list("metrics", List.of("storedBytes", "storedKeys"));
    Map<NamespaceId, Stored> last = new TreeMap<>();
    selection(question, call, visible)
        .samples(
            analytics,
            each -> visible.includes(each.namespace(), call.account()),
            new HeldMemory(call.request().memory()))
        .forEach(sample -> last.put(sample.stored().namespace(), sample.stored()));
    Map<List<String>, double[]> sums = new TreeMap<>((one, other) -> compare(one, other));
    for (Stored stored : last.values()) {
      var group = new Group(0, stored.namespace(), null, null, 0);
      add(
          sums,
          dimensions.stream().map(name -> value(name, group, call)).toList(),
          metrics.stream().mapToDouble(name -> amount(name).applyAsLong(stored)).toArray());
    }
    return answer(question, metrics, lines(sums));
  }

  private static ToLongFunction<Stored> amount(String name) {
    return switch (name) {
      case "storedBytes" -> Stored::bytes;
      case "storedKeys" -> Stored::keys;
      default ->
          throw new InvalidRequestException(
              "metrics must be some of storedBytes, storedKeys, got " + name);
    };
  }

  private static Response answer(Question question, List<String> metrics, List<Line> all) {
    List<Line> lines = all.subList(0, Math.min(ROWS, all.size()));
    return Envelope.success(
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("data");
          for (Line line : lines) {
            json.writeStartObject();
            json.writeArrayPropertyStart("dimensions");
            line.dimensions().forEach(json::writeString);
            json.writeEndArray();
            json.writeArrayPropertyStart("metrics");
            line.metrics().forEach(json::writeNumber);
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeNumberProperty("data_lag", 0);
          json.writeNumberProperty("rows", lines.size());
          for (String part : List.of("totals", "min", "max")) {
            json.writeObjectPropertyStart(part);
            for (int index = 0; index < metrics.size(); index++) {
              int place = index;
              double[] values =
                  lines.stream().mapToDouble(line -> line.metrics().get(place)).toArray();
              json.writeNumberProperty(metrics.get(index), summary(part, values));
            }
            json.writeEndObject();
          }
          json.writeObjectPropertyStart("query");
          question
              .parameters()
              .forEach((name, values) -> json.writeStringProperty(name, String.join(",", values)));
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static double summary(String part, double[] values) {
    return switch (part) {
      case "totals" -> Arrays.stream(values).sum();
      case "min" -> Arrays.stream(values).min().orElse(0);
      default -> Arrays.stream(values).max().orElse(0);
    };
  }
}
