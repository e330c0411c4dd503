package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alert rules in Prometheus, which must be installed with promtool. */
@Tag("soak")
final class PrometheusTest {
  private static final Path RULES =
      Path.of("..", "docs", "monitoring", "alerts.yml").toAbsolutePath().normalize();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path folder;
  private MonitoredCluster cluster;
  private Process prometheus;
  private URI server;

  @SuppressWarnings("NullAway") // set before each test
  PrometheusTest() {}

  @BeforeEach
  void start() throws Exception {
    cluster = new MonitoredCluster(folder);
    try (var free = new ServerSocket(0)) {
      server = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    Path configuration =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ["%s"]
            scrape_configs:
              - job_name: origin
                static_configs: [{targets: ["%s"]}]
              - job_name: edge
                scheme: https
                tls_config: {insecure_skip_verify: true}
                authorization: {credentials: "%s"}
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(
                    RULES,
                    cluster.origin().getAuthority(),
                    cluster.edge().secret(),
                    cluster.edge().uri().getAuthority()));
    prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=" + server.getAuthority())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    prometheus.destroy();
    prometheus.waitFor();
    cluster.close();
    client.close();
  }

  @Test
  void everyQueryOfTheDashboardReturnsASeries() throws Exception {
    List<String> queries = Dashboard.queries();

    assertThat(queries).hasSizeGreaterThan(10);
    for (String query : queries) {
      Polling.await("a series of " + query, () -> hasSeries(query));
    }
  }

  private boolean hasSeries(String query) {
    cluster.use();
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    return !get("/api/v1/query?query=" + encoded).path("data").path("result").isEmpty();
  }

  private JsonNode get(String path) {
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(server.resolve(path)).build(),
              HttpResponse.BodyHandlers.ofString());
      // It answers 503 while it starts.
      return response.statusCode() == 200
          ? JsonMapper.shared().readTree(response.body())
          : JsonMapper.shared().createObjectNode();
    } catch (IOException e) {
      // It does not listen yet.
      return JsonMapper.shared().createObjectNode();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Test
  void everyRuleIsAcceptedAndOneFires() throws Exception {
    new Program(List.of("promtool", "check", "rules", RULES.toString()), folder, Map.of())
        .run(TIMEOUT)
        .ok();

    // The certificate of the edge is valid for a day.
    Polling.await("the alert about the certificate", () -> isFiring("SelvedgeCertificateExpires"));
    for (JsonNode rule : get("/api/v1/rules").path("data").path("groups").path(0).path("rules")) {
      assertThat(rule.path("health").asString()).as(rule.toString()).isEqualTo("ok");
    }
  }

  private boolean isFiring(String alert) {
    for (JsonNode each : get("/api/v1/alerts").path("data").path("alerts")) {
      if (each.path("labels").path("alertname").asString().equals(alert)
          && each.path("state").asString().equals("firing")) {
        return true;
      }
    }
    return false;
  }
}
