package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.server.metrics.AlertRule;
import selvedge.verification.GeneratedLines;

/** The pages about monitoring agree with the metrics of an origin with TLS and of its edge. */
final class MonitoringTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)`");
  private static final Pattern NAME = Pattern.compile("\\b(?:selvedge|process|jvm)_[a-z0-9_]+\\b");

  @TempDir static Path folder;
  private static final Set<String> NAMES = new TreeSet<>();

  @BeforeAll
  static void scrape() throws Exception {
    try (var cluster = new MonitoredCluster(folder)) {
      add(cluster.originMetrics());
      add(cluster.edgeMetrics());
    }
  }

  /** Adds the names of families and of their series. */
  private static void add(String metrics) {
    metrics
        .lines()
        .forEach(
            line ->
                NAMES.add(
                    line.startsWith("# TYPE ") ? line.split(" ", 4)[2] : line.split("[{ ]", 2)[0]));
    NAMES.remove("#");
  }

  @Test
  void everyMetricIsOnThePageAndTheOtherWayRound() throws IOException {
    Set<String> documented = new HashSet<>();
    Matcher matcher = DOCUMENTED.matcher(Files.readString(DOCS.resolve("reference/metrics.md")));
    while (matcher.find()) {
      documented.add(matcher.group(1));
    }

    assertThat(documented).allMatch(NAMES::contains);
    assertThat(NAMES)
        .filteredOn(name -> name.startsWith("selvedge_") && !name.startsWith("selvedge_rocksdb_"))
        .filteredOn(name -> !name.matches(".*_(bucket|count|sum|max)"))
        .allMatch(documented::contains);
  }

  @Test
  void namesFollowTheConventionsOfPrometheus() {
    assertThat(NAMES)
        .filteredOn(name -> name.startsWith("selvedge_"))
        .noneMatch(name -> name.matches(".*_(millis|micros|nanos|p50|p99)\\b.*"));
  }

  @Test
  void theRulesAreThoseOfTheProgram() throws IOException {
    List<String> lines = new ArrayList<>();
    for (AlertRule rule : AlertRule.values()) {
      lines.add("      - alert: " + rule.alert());
      lines.add("        expr: '" + rule.expression() + "'");
      lines.add("        for: " + rule.hold().toSeconds() + "s");
      lines.add("        labels:");
      lines.add("          severity: " + rule.severity().label());
      lines.add("        annotations:");
      lines.add("          summary: '{{ $labels.instance }}: " + rule.summary() + "'");
      lines.add("          runbook: docs/how-to/" + rule.page());
    }

    new GeneratedLines(DOCS.resolve("monitoring/alerts.yml"), "    rules:", "").require(lines);
    for (AlertRule rule : AlertRule.values()) {
      assertThat(DOCS.resolve("how-to").resolve(rule.page())).exists();
      assertThat(names(rule.expression())).allMatch(NAMES::contains);
    }
  }

  @Test
  void everyQueryOfTheDashboardUsesMetricsThatExist() throws IOException {
    List<String> queries = Dashboard.queries();

    assertThat(queries).hasSizeGreaterThan(10);
    assertThat(queries).allMatch(query -> !names(query).isEmpty());
    assertThat(queries.stream().flatMap(query -> names(query).stream()).toList())
        .allMatch(NAMES::contains);
  }

  private static Set<String> names(String query) {
    return NAME.matcher(query).results().map(result -> result.group()).collect(Collectors.toSet());
  }
}
