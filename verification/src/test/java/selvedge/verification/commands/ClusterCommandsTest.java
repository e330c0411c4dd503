package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.cluster.RaftVoter;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Command;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands of a cluster, with a cluster of one voter. */
final class ClusterCommandsTest {
  private static final String TOKEN = "token-of-the-operator-of-this-cluster";

  /** Built once, because that takes longer than most commands. */
  @TempDir Path folder;

  private static ProcessResult cluster(URI uri, String... arguments) {
    return Command.run(
        Stream.of(
                Stream.of("cluster"),
                Stream.of(arguments),
                Stream.of("--server", uri.toString(), "--token", TOKEN))
            .flatMap(each -> each)
            .toArray(String[]::new));
  }

  @Test
  void certificatesAreForTheirOwnerOnly() throws IOException {
    String directory = folder.resolve("tls").toString();

    ProcessResult plan =
        Command.run("cluster", "certificates", "a", "b", "--directory", directory, "--dry-run");
    assertThat(plan.text()).contains("would write " + directory + "/a.pem");
    assertThat(folder.resolve("tls")).doesNotExist();

    assertThat(Command.run("cluster", "certificates", "a", "b", "--directory", directory).exit())
        .isZero();
    try (Stream<Path> files = Files.list(folder.resolve("tls"))) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(6);
      for (Path file : all) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(Command.run("cluster", "certificates", "a", "--directory", directory).text())
        .contains("keeps " + directory + "/a.pem");
  }

  @Test
  void aSingleMachineIsShownAsAClusterOfOne() throws Exception {
    Path data = folder.resolve("data");
    try (Server single = server(data)) {
      ProcessResult refused = cluster(single.start(), "status");
      assertThat(refused.errors()).contains("is no voter");
    }
    assertThat(Command.run("cluster", "init", "a", "--data", data.toString(), "--dry-run").text())
        .contains("nothing is changed");
    assertThat(Command.run("cluster", "init", "a", "--data", data.toString()).exit()).isZero();
    assertThat(Command.run("token", "create", "--data", data.toString()).errors())
        .contains("belongs to a voter");

    try (Server voter = server(data, "node", "a", "cluster", "a=127.0.0.1:" + freePort())) {
      URI uri = voter.start();
      Polling.await("a leads", () -> cluster(uri, "status").text().contains(" leads "));
      ProcessResult table = cluster(uri, "status");
      assertThat(table.text()).contains("a ", " leads ", "1 of 1 voters answer");
      JsonNode json = JsonMapper.shared().readTree(cluster(uri, "status", "-o", "json").text());
      assertThat(json.path("leader").asString()).isEqualTo("a");
      assertThat(json.path("majority").asBoolean()).isTrue();
      assertThat(json.path("voters").get(0).path("state").asString()).isEqualTo("leads");
      assertThat(Command.run("status", uri.toString(), "--token", TOKEN).text())
          .contains("encryption: store off, log of the quorum off");

      ProcessResult removed = cluster(uri, "remove", "a", "--dry-run");
      assertThat(removed.errors()).contains("a is the only voter").contains("selvedge cluster end");
      assertThat(removed.exit()).isNotZero();
      assertThat(cluster(uri, "add", "b").errors()).contains("no server named b waits");
      assertThat(cluster(uri, "step-down").errors()).contains("the only one");
    }
    assertThat(Command.run("cluster", "recover", "--data", data.toString()).errors())
        .contains("--accept-loss");
    assertThat(Command.run("cluster", "recover", "--data", data.toString(), "--dry-run").text())
        .contains("dry run", "has version");
    assertThat(Command.run("cluster", "end", "--data", data.toString()).text())
        .contains("single machine");
    try (Server single = server(data)) {
      single.start();
    }
  }

  private static Server server(Path data, String... more) throws IOException {
    Stream<Setting> own =
        Stream.of(
            new Setting("listen", "127.0.0.1:" + freePort(), "the test"),
            new Setting("data", data.toString(), "the test"),
            new Setting("root-token", TOKEN, "the test"));
    Stream<Setting> others =
        Stream.iterate(0, i -> i < more.length, i -> i + 2)
            .map(i -> new Setting(more[i], more[i + 1], "the test"));
    return new Server(
        Config.of(Stream.concat(own, others).toList()), InstantSource.system(), RaftVoter::open);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
