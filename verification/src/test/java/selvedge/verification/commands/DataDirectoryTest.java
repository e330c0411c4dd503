package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Other users of the machine cannot read the data of a server, with any umask. */
final class DataDirectoryTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String SHORT = "a";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private static List<String> accessibleToOthers(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(file -> !mode(file).endsWith("------"))
          .map(file -> mode(file) + " " + data.relativize(file))
          .toList();
    }
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      return "deleted---------";
    }
  }

  @Test
  void allFilesOfAnOriginAndAnEdgeBelongToTheirUser() throws IOException {
    Path data = folder.resolve("data");
    ServerProcess origin = servers.start(data);
    try (var client = origin.client()) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "small", Bytes.utf8("v")).ok();
      client.put(namespace, "large", Bytes.adopt(new byte[1 << 20])).ok();
      Path copy = folder.resolve("fra");
      servers.start(Launch.on(copy).follow(origin.uri(), "fra"));

      assertThat(accessibleToOthers(data)).isEmpty();
      assertThat(accessibleToOthers(copy)).isEmpty();
    }
  }

  @Test
  void filesOfATokenCommandOnAStoppedServerBelongToTheUser() throws IOException {
    Launch.selvedge(folder, "token", "create").run(TIMEOUT).ok();

    assertThat(accessibleToOthers(folder.resolve("data"))).isEmpty();
  }

  @Test
  void filesOfAnOfflineBackupAndOfItsRestoreBelongToTheUser() throws IOException {
    Launch.selvedge(folder, "token", "create").run(TIMEOUT).ok();
    String backup = folder.resolve("monday").toString();
    String restored = folder.resolve("restored").toString();

    Launch.selvedge(folder, "backup", "create", backup, "--offline", "--data", "data")
        .run(TIMEOUT)
        .ok();
    Launch.selvedge(folder, "backup", "restore", backup, "--data", restored).run(TIMEOUT).ok();
    Launch.selvedge(folder, "cluster", "new-identity", "--data", restored).run(TIMEOUT).ok();
    Launch.selvedge(folder, "export", "--data", restored, "--after", "0").run(TIMEOUT);

    assertThat(accessibleToOthers(Path.of(backup))).isEmpty();
    assertThat(accessibleToOthers(Path.of(restored))).isEmpty();
  }

  @Test
  void refusesAShortRootTokenAndSuggestsAGeneratedOne() {
    ServerProcess server =
        servers.spawn(Launch.on(folder.resolve("data")).with("--root-token", SHORT));

    assertThat(server.awaitExit()).isEqualTo(1);
    assertThat(server.log()).contains("root-token must have at least 32 characters", "selvedge_");
  }
}
