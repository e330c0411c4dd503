package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.tls.Trust;
import selvedge.server.Server;
import selvedge.server.ServerFile;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.metrics.AlertRule;
import selvedge.verification.GeneratedLines;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import selvedge.verification.tls.Authority;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pages about monitoring agree with the metrics of an origin with TLS and of its edge. */
final class MonitoringTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)`");
  private static final Pattern NAME = Pattern.compile("\\b(?:selvedge|process|jvm)_[a-z0-9_]+\\b");

  @TempDir static Path folder;
  private static final List<Server> SERVERS = new ArrayList<>();
  private static final Set<String> NAMES = new TreeSet<>();

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  private static String start(Setting... settings) {
    var server = new Server(Config.of(List.of(settings)));
    SERVERS.add(server);
    return server.start().toString();
  }

  @BeforeAll
  static void scrape() throws Exception {
    var authority = new Authority("monitored");
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    authority.issue("kv.example").write(certificate, key);
    String origin =
        start(
            setting("listen", "127.0.0.1:0"), setting("data", folder.resolve("origin").toString()));
    String edge =
        start(
            setting("listen", "127.0.0.1:0"),
            setting("data", folder.resolve("edge").toString()),
            setting("origin", origin),
            setting("tls-cert", certificate.toString()),
            setting("tls-key", key.toString()),
            setting("location", "fra"));
    assertThat(edge).startsWith("https:");
    try (var client = new RestClient(URI.create(origin))) {
      client.put(client.createNamespace("n"), "k", Bytes.utf8("v")).ok();
      Polling.await(
          "a report of the edge",
          () -> metrics(client).contains("selvedge_follower_connected{edge=\"fra\"} 1"));
      add(metrics(client));
    }
    ServerFile.Endpoint owner = new ServerFile(folder.resolve("edge")).read().orElseThrow();
    try (var client = owner.trust(Trust.usual()).http().build()) {
      add(
          client
              .send(
                  HttpRequest.newBuilder(owner.uri().resolve("/metrics"))
                      .header("Authorization", "Bearer " + owner.secret())
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    }
  }

  private static String metrics(RestClient client) {
    return client.send("GET", "/metrics", BodyPublishers.noBody()).ok().body().utf8();
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

  @AfterAll
  static void stop() {
    SERVERS.reversed().forEach(Server::close);
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
    JsonNode dashboard =
        JsonMapper.shared().readTree(Files.readString(DOCS.resolve("monitoring/dashboard.json")));
    List<String> queries = new ArrayList<>();
    dashboard
        .path("panels")
        .forEach(
            panel ->
                panel
                    .path("targets")
                    .forEach(target -> queries.add(target.path("expr").asString())));

    assertThat(queries).hasSizeGreaterThan(10);
    assertThat(queries).allMatch(query -> !names(query).isEmpty());
    assertThat(queries.stream().flatMap(query -> names(query).stream()).toList())
        .allMatch(NAMES::contains);
  }

  private static Set<String> names(String query) {
    return NAME.matcher(query).results().map(result -> result.group()).collect(Collectors.toSet());
  }
}
