package selvedge.server.api.v1;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleBiFunction;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.server.api.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The last report of each edge that follows this process. Safe for use by many threads. */
public final class EdgeReports {
  public static final int REPORT_BYTES_MAX = 256 * 1024;

  private static final int EDGES_MAX = 1000;
  private static final String FACTS = "facts";

  /** The report of an edge that is not open yet. */
  public static final Bytes NOTHING = Bytes.utf8("{}");

  private static final Duration PRESENT = Duration.ofSeconds(30);

  private final LongSupplier ticks;
  private final ConcurrentHashMap<String, Report> reports = new ConcurrentHashMap<>();

  /**
   * @param json is not changed, and was parsed once: the leader of a quorum looks into the reports
   *     of voters at each write
   */
  private record Report(ObjectNode json, long tick) {}

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public EdgeReports(LongSupplier ticks) {
    this.ticks = ticks;
  }

  /**
   * Stores the report of an edge, which must name its location, without its facts.
   *
   * @return the facts; a missing node if there are none
   */
  JsonNode store(Bytes sent) {
    ObjectNode json = parsed(sent);
    JsonNode facts = json.path(FACTS);
    json.remove(FACTS);
    String location = json.path("location").asString("");
    if (reports.size() >= EDGES_MAX && !reports.containsKey(location) && !forgetOne()) {
      throw new InvalidRequestException("more than " + EDGES_MAX + " edges follow this one");
    }
    reports.put(location, new Report(json, ticks.getAsLong()));
    return facts;
  }

  private static ObjectNode parsed(Bytes report) {
    try {
      if (report.size() <= REPORT_BYTES_MAX
          && Json.tree(report) instanceof ObjectNode json
          && !json.path("location").asString("").isEmpty()) {
        return json;
      }
    } catch (JacksonException e) {
      throw notReport();
    }
    throw notReport();
  }

  private static InvalidRequestException notReport() {
    return new InvalidRequestException(
        "the report of an edge must be a JSON object with a location, of at most "
            + REPORT_BYTES_MAX
            + " bytes");
  }

  private Duration age(Report report) {
    return Duration.ofNanos(ticks.getAsLong() - report.tick());
  }

  /** Returns whether an edge has sent a report in the last half minute. */
  public boolean isAnyPresent() {
    return reports.values().stream().anyMatch(report -> isPresent(age(report)));
  }

  /**
   * Returns why each edge does not follow this server, by its location; empty for one that does.
   */
  public Map<String, String> troubles() {
    Map<String, String> troubles = new TreeMap<>();
    reports.forEach(
        (location, report) -> {
          ObjectNode json = shown(report);
          boolean follows = json.path("connected").asBoolean(true);
          troubles.put(location, follows ? "" : json.path("trouble").asString("not connected"));
        });
    return troubles;
  }

  /**
   * Returns a number of each edge by its location.
   *
   * @param figure computes it from the report and the age of the report
   */
  public Map<String, Double> figures(ToDoubleBiFunction<JsonNode, Duration> figure) {
    Map<String, Double> figures = new TreeMap<>();
    reports.forEach(
        (location, report) ->
            figures.put(location, figure.applyAsDouble(report.json(), age(report))));
    return figures;
  }

  /**
   * Returns the least number that the connected servers of a role report.
   *
   * @param member the member of the report with the number
   * @return {@link Long#MAX_VALUE} if none reports it
   */
  public long least(String role, String member) {
    return reports.values().stream()
        .filter(report -> isPresent(age(report)))
        .map(Report::json)
        .filter(json -> json.path("role").asString("").equals(role) && json.has(member))
        .mapToLong(json -> json.path(member).asLong())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Returns whether an edge with a report of this age is connected. */
  public static boolean isPresent(Duration age) {
    return age.compareTo(PRESENT) < 0;
  }

  /**
   * Returns the report of an edge. One that has sent none for a while is not connected, whatever
   * its last report says.
   */
  private ObjectNode shown(Report report) {
    Duration age = age(report);
    if (isPresent(age)) {
      return report.json();
    }
    ObjectNode json = report.json().deepCopy();
    json.put("connected", false);
    json.put("trouble", "no report for " + age.toSeconds() + " s");
    return json;
  }

  /** Forgets the edge that has been away for longest, and returns whether one was away. */
  private boolean forgetOne() {
    return reports.entrySet().stream()
        .filter(each -> !isPresent(age(each.getValue())))
        .max(Comparator.comparing(each -> age(each.getValue())))
        .filter(each -> reports.remove(each.getKey(), each.getValue()))
        .isPresent();
  }

  /**
   * Writes the member {@code edges}: the reports and their ages, in the order of the locations. An
   * edge that is away is listed until it is retired, so that no alert about it ends by itself.
   */
  public void write(JsonGenerator json) {
    List<String> locations = new ArrayList<>(reports.keySet());
    locations.sort(String::compareTo);
    json.writeArrayPropertyStart("edges");
    for (String location : locations) {
      Report report = reports.get(location);
      if (report != null) {
        json.writeStartObject();
        json.writeNumberProperty("told_millis_ago", age(report).toMillis());
        json.writeName("status");
        Json.writeRaw(json, Bytes.utf8(shown(report).toString()));
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  /** Writes the number of edges instead of their reports. */
  public void writeOmitted(JsonGenerator json) {
    json.writeNumberProperty("edges_omitted", reports.size());
  }

  /**
   * Forgets an edge that has been taken out of service.
   *
   * @throws InvalidRequestException if it has reported a moment ago, or never
   */
  public void retire(String location) {
    Report report = reports.get(location);
    if (report == null) {
      throw new InvalidRequestException(
          "no edge named \""
              + location
              + "\" has reported here; known edges: "
              + String.join(", ", reports.keySet().stream().sorted().toList()));
    }
    if (isPresent(age(report))) {
      throw new InvalidRequestException(
          "the edge "
              + location
              + " reported "
              + age(report).toSeconds()
              + " s ago: stop it first, and retire it after "
              + PRESENT.toSeconds()
              + " s");
    }
    reports.remove(location, report);
  }

  /**
   * Reads the report from the body of a request, and returns its facts. An edge that is not open
   * yet reports nothing.
   */
  JsonNode take(InputStream body) throws IOException {
    Bytes report = Bytes.adopt(body.readNBytes(REPORT_BYTES_MAX + 1));
    return report.equals(NOTHING) ? Json.tree(report).path(FACTS) : store(report);
  }
}
