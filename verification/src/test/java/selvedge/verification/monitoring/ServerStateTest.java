package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Command;
import selvedge.verification.process.FreePorts;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** The state of a server, which probes, metrics, status and answers must show alike. */
final class ServerStateTest {
  private static final Duration AHEAD = Duration.ofHours(2);

  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T closing(T each) {
    opened.add(each);
    return each;
  }

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  private Config config(String name, String listen, Setting... more) {
    List<Setting> settings = new ArrayList<>(List.of(more));
    settings.add(setting("listen", listen));
    settings.add(setting("data", folder.resolve(name).toString()));
    return Config.of(settings);
  }

  private URI origin() {
    return closing(new Server(config("origin", "127.0.0.1:0", setting("account", Launch.ACCOUNT))))
        .start();
  }

  private Relay line(URI origin) {
    return closing(
        Relay.to(new InetSocketAddress(origin.getHost(), origin.getPort()), Duration.ZERO));
  }

  private URI edge(Relay line, InstantSource clock) {
    Config config =
        config(
            "edge",
            "127.0.0.1:0",
            setting("origin", line.uri().toString()),
            setting("location", "fra"));
    return closing(new Server(config, clock)).start();
  }

  private static String text(RestClient client, String path) {
    Reply reply = client.send("GET", path, BodyPublishers.noBody());
    return reply.status() + " " + reply.body().utf8();
  }

  private static JsonNode status(RestClient client) {
    return client.send("GET", "/v1/status", BodyPublishers.noBody()).ok().json();
  }

  @Test
  void anEdgeThatLoadsItsFirstSnapshotIsAliveAndRecovering() throws Exception {
    Relay line = line(origin());
    line.cut();
    int port = FreePorts.inARow(1);
    Config config =
        config(
            "edge",
            "127.0.0.1:" + port,
            setting("origin", line.uri().toString()),
            setting("location", "fra"));
    Thread starting = Thread.ofPlatform().start(() -> closing(new Server(config)).start());
    try (var client = new RestClient(URI.create("http://127.0.0.1:" + port))) {
      Polling.await("a port", () -> isAlive(client));
      assertThat(text(client, "/readyz"))
          .isEqualTo("503 recovering: a snapshot of the origin is being loaded\n");
      assertThat(text(client, "/readyz?for=writes")).startsWith("503 recovering");

      line.restore();

      Polling.await("the edge", () -> text(client, "/readyz").equals("200 ready\n"));
      starting.join();
    }
  }

  /** The port is closed at first. */
  private static boolean isAlive(RestClient client) {
    try {
      return text(client, "/livez").equals("200 alive\n");
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  @Test
  void anEdgeThatIsCutOffSaysTheSameEverywhere() throws Exception {
    URI origin = origin();
    Relay line = line(origin);
    URI edge = edge(line, InstantSource.system());
    try (var writer = new RestClient(origin);
        var client = new RestClient(edge)) {
      String namespace = writer.createNamespace("n");
      writer.put(namespace, "k", Bytes.utf8("v")).ok();
      Polling.await("the entry", () -> client.get(namespace, "k").isOk());
      Polling.await("ready", () -> text(client, "/readyz?for=writes").equals("200 ready\n"));
      assertThat(text(client, "/metrics")).contains("selvedge_health{state=\"serving\"} 1");

      line.cut();

      String reason = "read-only: not connected to the origin";
      Polling.await("a refusal", () -> text(client, "/readyz?for=writes").startsWith("503"));
      assertThat(text(client, "/readyz?for=writes")).isEqualTo("503 " + reason + "\n");
      assertThat(text(client, "/readyz")).isEqualTo("200 ready\n" + reason + "\n");
      assertThat(text(client, "/livez")).startsWith("200");
      assertThat(text(client, "/metrics"))
          .contains("selvedge_health{state=\"read-only\"} 1")
          .contains("selvedge_health{state=\"serving\"} 0")
          .contains("selvedge_edge_connected 0");
      assertThat(status(client).path("health").path("state").asString()).isEqualTo("read-only");
      assertThat(client.get(namespace, "k").ok().body().utf8()).isEqualTo("v");
      assertThat(client.put(namespace, "k", Bytes.utf8("w")).status()).isBetween(502, 503);
      Polling.await("an old age", () -> text(client, "/readyz?max_age=1").startsWith("503 stale"));
      assertThat(Command.run("doctor", edge.toString()).text())
          .contains("critical: writes are refused")
          .contains("this edge does not follow its origin");

      line.restore();
      Polling.await("ready", () -> text(client, "/readyz?for=writes").equals("200 ready\n"));
    }
  }

  @Test
  void anEdgeWhoseClockIsAheadServesWhatItWroteWithATimeToLive() throws Exception {
    URI origin = origin();
    URI edge = edge(line(origin), Clock.offset(Clock.systemUTC(), AHEAD));
    try (var writer = new RestClient(origin);
        var client = new RestClient(edge)) {
      String namespace = writer.createNamespace("n");
      Polling.await("the namespace", () -> client.list(namespace, "limit=10").isOk());

      client
          .send(
              "PUT",
              "/v1/namespaces/" + namespace + "/values/session?ttl=3600",
              BodyPublishers.ofString("open"))
          .ok();

      assertThat(client.get(namespace, "session").ok().body().utf8()).isEqualTo("open");
      assertThat(writer.get(namespace, "session").ok().body().utf8()).isEqualTo("open");
      assertThat(Command.run("doctor", edge.toString()).text())
          .contains("the clock of this edge is ahead of its origin");
    }
  }
}
