package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Relay;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The commands for operators of several servers. */
final class EdgeCommandsTest {

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  @Test
  void statusShowsTheTreeAndVerifyComparesIt() throws Exception {
    ServerProcess origin = servers.start(folder.resolve("origin"));
    try (var client = origin.client()) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "k", Bytes.utf8("v")).ok();
      ServerProcess edge =
          servers.start(Launch.on(folder.resolve("fra")).follow(origin.uri(), "fra"));
      servers.start(Launch.on(folder.resolve("syd")).follow(edge.uri(), "syd"));

      String at = origin.uri().toString();
      Polling.await(
          "a tree of three", () -> Command.run("status", at).ok().text().contains("    syd "));
      List<String> lines = Command.run("status", at).ok().text().lines().toList();
      assertThat(lines.get(0)).startsWith("LOCATION").contains("BEHIND", "AGE", "P99");
      assertThat(lines.get(1)).startsWith("origin ");
      assertThat(lines.get(2)).startsWith("  fra ").contains("connected since");
      assertThat(Command.run("status", at, "--json").ok().text())
          .startsWith("{\"location\":\"origin\"");

      ProcessResult same = Command.run("verify", at, "--against", edge.uri().toString()).ok();
      assertThat(same.text()).contains(namespace + "  1 entries, the same").endsWith("the same\n");

      ServerProcess other = servers.start(folder.resolve("other"));
      ProcessResult different = Command.run("verify", at, "--against", other.uri().toString());
      assertThat(different.exit()).isEqualTo(1);
      assertThat(different.text()).contains("different: epoch");
    }
  }

  /** With the relays, a round takes longer than the time between two changes of the origin. */
  @Test
  void verifySucceedsBesideAnEdgeWhoseOriginChangesMeanwhile() throws Exception {
    ServerProcess origin =
        servers.start(Launch.on(folder.resolve("origin")).limit("canary-seconds", 1));
    ServerProcess edge =
        servers.start(Launch.on(folder.resolve("fra")).follow(origin.uri(), "fra"));
    try (var client = origin.client();
        var first = Relay.to(address(origin), Duration.ofMillis(700));
        var second = Relay.to(address(edge), Duration.ofMillis(700))) {
      client.put(client.createNamespace("n"), "k", Bytes.utf8("v")).ok();

      ProcessResult result =
          Command.run("verify", first.uri().toString(), "--against", second.uri().toString());

      assertThat(result.ok().text()).endsWith("the same\n");
    }
  }

  private static InetSocketAddress address(ServerProcess server) {
    return new InetSocketAddress(server.uri().getHost(), server.uri().getPort());
  }

  @Test
  void reportsAnUnreachableServer() {
    ProcessResult result = Command.run("status", "http://127.0.0.1:1");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors()).contains("cannot reach the server at http://127.0.0.1:1");
  }

  @Test
  void anEdgeAndAnOriginRefuseEachOthersDataDirectory() {
    ServerProcess origin = servers.start(folder.resolve("origin"));
    ServerProcess edge =
        servers.start(Launch.on(folder.resolve("fra")).follow(origin.uri(), "fra"));
    edge.kill();

    ServerProcess asOrigin = servers.spawn(Launch.on(folder.resolve("fra")));
    assertThat(asOrigin.awaitExit()).isEqualTo(1);
    assertThat(asOrigin.log()).contains("belongs to an edge of " + origin.uri());
    ProcessResult token = Command.run("token", "list", "--data", folder.resolve("fra").toString());
    assertThat(token.exit()).isEqualTo(1);
    assertThat(token.errors()).contains("is the data of an edge");

    ServerProcess second = servers.start(folder.resolve("second"));
    second.kill();
    ServerProcess asEdge =
        servers.spawn(Launch.on(folder.resolve("second")).follow(origin.uri(), "fra"));
    assertThat(asEdge.awaitExit()).isEqualTo(1);
    assertThat(asEdge.log()).contains("belongs to an origin");
  }
}
