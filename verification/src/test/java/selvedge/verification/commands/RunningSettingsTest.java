package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;

/** The settings of a running server, and the notifications of a service manager. */
final class RunningSettingsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int VALUES = 24;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private static long limit(RestClient client, Limit limit) {
    JsonNode limits = client.send("GET", "/v1/limits", BodyPublishers.noBody()).ok().json();
    for (JsonNode each : limits.path("limits")) {
      if (each.path("name").asString().equals(limit.id())) {
        return each.path("value").asLong();
      }
    }
    throw new AssertionError("no limit " + limit.id() + " in " + limits);
  }

  @Test
  void limitsChangeByCommandAndBySignalWithoutARestart() throws Exception {
    Path data = folder.resolve("data");
    Path file = Files.writeString(folder.resolve("selvedge.conf"), "limits.page-keys = 10\n");
    try (var systemd = DatagramSocket.bind(folder.resolve("notify"))) {
      ServerProcess server =
          servers.start(
              Launch.on(data)
                  .with("--config", file.toString())
                  .extended(
                      new Launch.Extension(
                          "", Map.of("NOTIFY_SOCKET", systemd.path().toString()))));
      try (var client = server.client()) {
        assertThat(systemd.receive()).isEqualTo("READY=1");

        ProcessResult set = Command.run("config", "set", "bulk-pairs", "77", "--data", data + "");
        assertThat(set.ok().text()).isEqualTo("limits.bulk-pairs = 77\n");
        assertThat(limit(client, Limit.BULK_PAIRS)).isEqualTo(77);
        ProcessResult fixed = Command.run("config", "set", "page-keys", "20", "--data", data + "");
        assertThat(fixed.exit()).isEqualTo(1);
        assertThat(fixed.errors()).contains("is set by line 1 of " + file + " to 10");
        try (var owner = RestClient.ofOwner(data)) {
          assertThat(owner.send("GET", "/v1/audit", BodyPublishers.noBody()).ok().body().utf8())
              .contains("\"config set\"");
        }

        Files.writeString(file, "limits.page-keys = 20\nloops = 2\n");
        hangUp(server);
        Polling.await("the second reading", () -> limit(client, Limit.PAGE_KEYS) == 20);
        server.awaitLog("loops changes at the next start");

        Files.writeString(file, "limits.page-keys = many\n");
        hangUp(server);
        Polling.await("the refusal", () -> server.log().contains("the settings stay as they were"));
        assertThat(limit(client, Limit.PAGE_KEYS)).isEqualTo(20);
        assertThat(limit(client, Limit.BULK_PAIRS)).isEqualTo(77);
      }
      assertThat(server.terminate()).isZero();
      assertThat(systemd.receive()).isEqualTo("STOPPING=1");
    }
  }

  @Test
  void theFeedBecomesShorterWhenItsLimitDoes() throws Exception {
    Path data = folder.resolve("data");
    ServerProcess server = servers.start(data);
    try (var client = server.client()) {
      String namespace = client.createNamespace("n");
      Bytes value = Bytes.adopt(new byte[1 << 20]);
      for (int i = 0; i < VALUES; i++) {
        client.put(namespace, "key" + i, value).ok();
      }
      assertThat(metric(client, "selvedge_feed_horizon")).isZero();

      Command.run("config", "set", "feed-bytes", "1048576", "--data", data + "").ok();

      Polling.await("the cut", () -> metric(client, "selvedge_feed_horizon") > VALUES / 2);
    }
  }

  private static double metric(RestClient client, String name) {
    return client
        .send("GET", "/metrics", BodyPublishers.noBody())
        .ok()
        .body()
        .utf8()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private void hangUp(ServerProcess server) {
    new Program(List.of("kill", "-HUP", Long.toString(server.pid())), folder, Map.of())
        .run(TIMEOUT)
        .ok();
  }
}
