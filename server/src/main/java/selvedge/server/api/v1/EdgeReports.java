package selvedge.server.api.v1;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.server.api.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** What the edges that follow this process have last told of themselves. Safe for many threads. */
public final class EdgeReports {
  private static final int REPORT_BYTES_MAX = 256 * 1024;
  private static final int BRANCHES_MAX = 1000;
  private static final Duration FORGOTTEN = Duration.ofHours(1);
  private static final Duration PRESENT = Duration.ofSeconds(30);

  private final LongSupplier ticks;
  private final ConcurrentHashMap<String, Branch> branches = new ConcurrentHashMap<>();

  private record Branch(Bytes report, long tick) {}

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public EdgeReports(LongSupplier ticks) {
    this.ticks = ticks;
  }

  /** Takes the report of an edge, which names its location. */
  void tell(Bytes report) {
    String location = location(report);
    branches.values().removeIf(branch -> age(branch).compareTo(FORGOTTEN) > 0);
    if (branches.size() >= BRANCHES_MAX && !branches.containsKey(location)) {
      throw new InvalidRequestException("more than " + BRANCHES_MAX + " edges follow this one");
    }
    branches.put(location, new Branch(report, ticks.getAsLong()));
  }

  private static String location(Bytes report) {
    try {
      JsonNode json = Json.tree(report);
      String location = json.path("location").asString("");
      if (json.isObject() && !location.isEmpty() && report.size() <= REPORT_BYTES_MAX) {
        return location;
      }
    } catch (JacksonException e) {
      throw notReport();
    }
    throw notReport();
  }

  private static InvalidRequestException notReport() {
    return new InvalidRequestException(
        "an edge tells of itself in a JSON object with a location, of at most "
            + REPORT_BYTES_MAX
            + " bytes");
  }

  private Duration age(Branch branch) {
    return Duration.ofNanos(ticks.getAsLong() - branch.tick());
  }

  /** Whether an edge has told of itself in the last half minute. */
  public boolean isAnyPresent() {
    return branches.values().stream().anyMatch(branch -> age(branch).compareTo(PRESENT) < 0);
  }

  /** Writes an array of what was told, and how long ago, in the order of the locations. */
  public void write(JsonGenerator json) {
    List<String> locations = new ArrayList<>(branches.keySet());
    locations.sort(String::compareTo);
    json.writeStartArray();
    for (String location : locations) {
      Branch branch = branches.get(location);
      if (branch != null) {
        json.writeStartObject();
        json.writeNumberProperty("told_millis_ago", age(branch).toMillis());
        json.writeName("status");
        Json.writeRaw(json, branch.report());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  /** Reads the report that a request carries. */
  void take(InputStream body) throws IOException {
    tell(Bytes.adopt(body.readNBytes(REPORT_BYTES_MAX + 1)));
  }
}
