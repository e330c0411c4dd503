package selvedge.verification.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard for Grafana. */
final class Dashboard {
  private static final Path FILE = Path.of("..", "docs", "monitoring", "dashboard.json");

  private Dashboard() {}

  /** Returns the queries of all panels. */
  static List<String> queries() throws IOException {
    JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(FILE));
    List<String> queries = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      panel.path("targets").forEach(target -> queries.add(target.path("expr").asString()));
    }
    return queries;
  }
}
