package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The lines of docs/how-to/monitor.md, each event of which a server must log. */
final class LogLinesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SECRET = "a-secret-header-of-the-collector";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Launch origin() {
    return Launch.on(folder.resolve("origin"))
        .with("--access-log", "all", "--otlp-headers", "key=" + SECRET)
        .limit("slow-request-millis", 1)
        .limit("disk-reserve-bytes", 1L << 20);
  }

  private static void put(RestClient client, String namespace) {
    client
        .put(
            namespace,
            "k",
            Bytes.utf8("v"),
            "X-Request-Id",
            "request-7",
            "traceparent",
            "00-" + TRACE + "-00f067aa0ba902b7-01")
        .ok();
  }

  @Test
  void theLogTellsStartRecoveryActsRequestsEdgesAndStop() throws Exception {
    ServerProcess first = servers.start(origin());
    try (RestClient client = first.client()) {
      put(client, client.createNamespace("n"));
      Command.run("token", "create", "--name", "ci", "--data", folder.resolve("origin") + "").ok();
    }
    first.awaitLog(
        "selvedge ",
        " starts on " + folder.resolve("origin"),
        "limits.slow-request-millis = 1 (--limit)",
        "otlp-headers = (secret) (--otlp-headers)",
        "the server answers at http://127.0.0.1:",
        "create token",
        "\"slow request: PUT /client/v4/",
        "logger=selvedge.access",
        " request=request-7 trace=" + TRACE);
    assertThat(first.log()).doesNotContain(SECRET);
    first.kill();

    ServerProcess again = servers.start(origin().with("--log-level", "debug"));
    again.awaitLog("the store is open after ");
    assertThat(again.log()).containsPattern("changes that were only in the journal: [1-9]");
    ServerProcess edge =
        servers.start(
            Launch.on(folder.resolve("edge"))
                .follow(again.uri(), "fra")
                .extended(new Launch.Extension("", Map.of("SELVEDGE_ORIGIN_TOKEN", edgeToken()))));
    again.awaitLog("the edge fra follows this server");
    assertThat(edge.terminate()).isZero();
    assertThat(edge.log())
        .contains("health: draining: the server is stopping")
        .doesNotContain("not following");
    assertThat(again.log())
        .contains("operation=position")
        .doesNotContain("/v1/position status=400");
    assertThat(edge.log().lines().toList().getLast()).contains("the server has stopped");
  }

  private String edgeToken() {
    return List.of(
            Command.run(
                    "token",
                    "create",
                    "--name",
                    "fra",
                    "--grant",
                    "replicate",
                    "--data",
                    folder.resolve("origin") + "")
                .ok()
                .text()
                .split("\\s+"))
        .stream()
        .dropWhile(word -> !word.equals("secret"))
        .skip(1)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aShareOfTheRequestsIsLogged() {
    ServerProcess server =
        servers.start(Launch.on(folder.resolve("origin")).with("--access-log", "10%"));
    try (RestClient client = server.client()) {
      for (int i = 0; i < 300; i++) {
        client.send("GET", "/livez", BodyPublishers.noBody()).ok();
      }
    }

    assertThat(server.log().lines().filter(line -> line.contains("selvedge.access")).count())
        .isBetween(1L, 150L);
  }
}
