package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Backups of running and of stopped servers with the command line. */
final class BackupTest {
  private static final int LARGE_BYTES = 300_000;
  private static final String ROOT = "a-root-token-of-this-test-with-40-letters";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Launch on(String name) {
    return Launch.on(folder.resolve(name));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Region start(Launch launch) {
    return Region.of(servers.startHere(launch));
  }

  private Region follow(String name, URI origin) throws Exception {
    return connected(servers.startHere(on(name).follow(origin, name)));
  }

  private static Region connected(RunningServer server) throws Exception {
    Region edge = Region.of(server);
    Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
    return edge;
  }

  /** Writes keys until it is stopped, and records their versions. */
  private static final class Writes {
    private final Map<Long, String> acknowledged = new ConcurrentSkipListMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    Writes(RunningServer server, String namespace) {
      this.thread = Thread.ofVirtual().start(() -> run(server, namespace));
    }

    private void run(RunningServer server, String namespace) {
      try (RestClient client = server.client()) {
        for (int i = 0; !stopped.get(); i++) {
          String key = "key-%06d".formatted(i);
          String version =
              client.put(namespace, key, Bytes.utf8(key)).ok().header("Selvedge-Version");
          acknowledged.put(Long.parseLong(version), key);
        }
      }
    }

    void close() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }
  }

  private static long version(ProcessResult result) {
    return Long.parseLong(result.ok().text().replaceAll("(?s).*version (\\d+).*", "$1"));
  }

  private static void isAsOf(long version, Region server, String namespace, Writes writes) {
    List<String> expected = new ArrayList<>();
    List<String> later = new ArrayList<>();
    writes.acknowledged.forEach((each, key) -> (each <= version ? expected : later).add(key));
    assertThat(expected).isNotEmpty();
    assertThat(later).as("writes after the backup").isNotEmpty();
    String last = expected.getLast();
    assertThat(server.client().get(namespace, expected.getFirst()).ok().body().utf8())
        .isEqualTo(expected.getFirst());
    assertThat(server.client().get(namespace, last).ok().body().utf8()).isEqualTo(last);
    assertThat(server.client().get(namespace, later.getFirst()).status()).isEqualTo(404);
    assertThat(server.ask("/v1/namespaces/n/count?prefix=key-").ok().json().path("count").asInt())
        .isEqualTo(expected.size());
  }

  @Test
  void backsUpOneVersionDuringWritesAndEdgesFollowTheRestoredServer() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    String namespace = origin.client().createNamespace("n");
    Bytes large = Bytes.utf8("x".repeat(LARGE_BYTES));
    origin.client().put(namespace, "large", large).ok();
    Region early = follow("early", origin.server().uri());
    early.catchUpWith(origin);
    early.server().close();
    try (Region late = follow("late", origin.server().uri())) {
      Writes writes = new Writes(origin.server(), namespace);
      Polling.await("some writes", () -> writes.acknowledged.size() > 50);
      ProcessResult created = Command.run("backup", "create", "monday", "--data", path("origin"));
      long version = version(created);
      Polling.await(
          "writes after it",
          () -> writes.acknowledged.keySet().stream().anyMatch(v -> v > version));
      writes.close();
      late.catchUpWith(origin);
      String cluster = origin.status().path("cluster").asString();
      long epoch = origin.status().path("epoch").asLong();
      origin.server().close();
      Files.move(folder.resolve("origin/backups/monday"), folder.resolve("monday"));

      assertThat(version(Command.run("backup", "verify", path("monday")))).isEqualTo(version);
      Command.run("backup", "restore", path("monday"), "--data", path("restored")).ok();
      Region restored = start(on("restored").listen(port));

      isAsOf(version, restored, namespace, writes);
      assertThat(Command.run("audit", "--data", path("restored")).ok().text())
          .contains("restore backup", "owner of the data directory", path("monday"));
      assertThat(restored.client().get(namespace, "large").ok().body()).isEqualTo(large);
      assertThat(restored.status().path("cluster").asString()).isEqualTo(cluster);
      assertThat(restored.status().path("epoch").asLong()).isNotEqualTo(epoch);
      assertThat(restored.version()).isGreaterThan(1L << 32).isLessThan(1L << 53);
      Polling.await("a store that is kept", () -> late.status().path("unseen").size() == 1);
      Polling.await("a feed", () -> late.status().path("connected").asBoolean());
      late.catchUpWith(restored);
      assertThat(late.digest()).isEqualTo(restored.digest());
      Region again = connected(servers.start(on("early").follow(restored.server().uri(), "early")));
      again.catchUpWith(restored);
      assertThat(again.digest()).isEqualTo(restored.digest());
      assertThat(again.process().log())
          .as("log of an edge that had all changes")
          .doesNotContain("snapshot");
      assertThat(again.status().path("unseen").size()).isZero();
      List.of(restored, again).forEach(Region::close);
    }
    early.close();
    origin.close();
  }

  @Test
  void anEdgeThatMayNotKeepAnotherStoreKeepsItsOwnAndReportsIt() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    String namespace = origin.client().createNamespace("n");
    Launch limited = on("fra").follow(origin.server().uri(), "fra").limit("unseen-stores", 0);
    try (Region edge = Region.of(servers.start(limited))) {
      Command.run("backup", "create", "early", "--data", path("origin")).ok();
      origin.client().put(namespace, "late", Bytes.utf8("v")).ok();
      edge.catchUpWith(origin);
      origin.server().close();
      String backup = path("origin/backups/early");
      Command.run("backup", "restore", backup, "--data", path("restored")).ok();
      Region restored = start(on("restored").listen(port));

      Polling.await(
          "a reason", () -> edge.status().path("blocked").asString("").contains("unseen-stores"));

      assertThat(edge.client().get(namespace, "late").ok().body().utf8()).isEqualTo("v");
      assertThat(edge.status().path("unseen").size()).isZero();
      assertThat(edge.status().path("connected").asBoolean()).isFalse();
      edge.process().awaitLog("unseen-stores");
      assertThat(Command.run("status", edge.server().uri().toString()).ok().text())
          .contains("\n  blocked: there are 0 stores with changes", "edge-does-not-follow.md");
      Command.run("promote", "--force", "--data", path("fra")).ok();
      assertThat(edge.status().has("blocked")).as("blocked at an origin").isFalse();
      restored.close();
    }
    origin.close();
  }

  @Test
  void theStatusIgnoresVersionsThatANewLineageSkips() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    origin.client().createNamespace("n");
    Region edge = follow("fra", origin.server().uri());
    edge.catchUpWith(origin);
    origin.server().close();
    Command.run("backup", "create", path("b"), "--offline", "--data", path("origin")).ok();
    Command.run("backup", "restore", path("b"), "--data", path("restored")).ok();
    edge.server().close();
    Region behind = start(on("fra").follow(URI.create("http://127.0.0.1:1"), "fra"));
    String position = behind.status().toString();
    Region restored = start(on("restored").listen(port));
    restored.client().send("POST", "/v1/position", BodyPublishers.ofString(position)).ok();

    String line =
        Command.run("status", restored.server().uri().toString())
            .ok()
            .text()
            .lines()
            .filter(each -> each.contains("fra"))
            .findFirst()
            .orElseThrow();

    List<String> columns = Pattern.compile(" +").splitAsStream(line.strip()).toList();
    assertThat(Long.parseLong(columns.get(2))).isBetween(1L, 1000L);
    List.of(edge, behind, restored, origin).forEach(Region::close);
  }

  private static void flip(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).filter(BackupTest::hasContent).toList();
    }
  }

  private static boolean hasContent(Path file) {
    return file.toFile().length() > 0;
  }

  @Test
  void detectsAFlippedBitInEachFileAndDoesNotRestoreIt() throws Exception {
    RunningServer server = servers.startHere(on("origin"));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "large", Bytes.utf8("x".repeat(LARGE_BYTES))).ok();
    }
    server.close();
    Path backup = folder.resolve("b");
    Command.run("backup", "create", backup.toString(), "--offline", "--data", path("origin")).ok();
    Command.run("backup", "verify", backup.toString()).ok();
    List<String> kinds = new ArrayList<>();
    for (Path file : files(backup)) {
      String kind = file.getFileName().toString().replaceAll("[0-9]+", "");
      if (!kinds.contains(kind)) {
        kinds.add(kind);
        flip(file);
        ProcessResult found = Command.run("backup", "verify", backup.toString());
        assertThat(found.exit()).as(file.toString()).isEqualTo(1);
        assertThat(found.errors()).contains(file.toString()).doesNotContain("\tat ");
        flip(file);
      }
    }
    assertThat(kinds).contains("manifest", ".sst", ".journal", "format", "watermark", "CURRENT");
    Path table =
        files(backup).stream()
            .filter(each -> each.toString().endsWith(".sst"))
            .findFirst()
            .orElseThrow();
    flip(table);
    assertThat(Command.run("backup", "restore", backup.toString(), "--data", path("new")).errors())
        .contains(table.getFileName().toString());
    assertThat(folder.resolve("new/store")).doesNotExist();
    ServerProcess refused = servers.spawn(on("new"));
    assertThat(refused.awaitExit()).isEqualTo(1);
    refused.awaitLog("selvedge backup restore again");
    flip(table);
    assertThat(
            Command.run("backup", "restore", backup.toString(), "--data", path("origin")).errors())
        .contains("exists", "move it away");
    Command.run("backup", "restore", backup.toString(), "--data", path("new")).ok();
    servers.startHere(on("new"));
    Files.delete(backup.resolve("manifest"));
    assertThat(Command.run("backup", "verify", backup.toString()).errors())
        .contains("not a complete backup");
  }

  @Test
  void aRemoteBackupHasANameAndNotAPath() throws Exception {
    ServerProcess server =
        servers.start(
            on("origin")
                .with("--root-token", ROOT, "--backup-dir", path("backups"))
                .limit("backups", 2));
    try (var root = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, ROOT)) {
      for (String name : List.of("", ".", "..", "../up", "a/b", "/tmp/x", ".hidden", "a\\b")) {
        assertThat(create(root, name)).as(name).isEqualTo(400);
      }
      assertThat(folder.resolve("backups")).doesNotExist();
      String wish = "{\"name\":\"writer\",\"grant\":\"write\",\"account\":\"all\"}";
      String secret =
          root.send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
              .ok()
              .json()
              .path("secret")
              .asString();
      try (var writer = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, secret)) {
        assertThat(create(writer, "one")).isEqualTo(403);
      }
      assertThat(create(root, "one")).isEqualTo(200);
      assertThat(create(root, "one")).as("an existing name").isEqualTo(400);
      assertThat(
              Command.run(
                      "backup",
                      "create",
                      "two",
                      "--server",
                      server.uri().toString(),
                      "--token",
                      ROOT)
                  .ok()
                  .text())
          .contains(path("backups/two"));
      assertThat(create(root, "three")).as("above the limit of backups").isEqualTo(507);
      Command.run("backup", "verify", path("backups/one")).ok();
    }
  }

  private static int create(RestClient client, String name) {
    return client
        .send(
            "POST",
            "/v1/backup?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
            BodyPublishers.noBody())
        .status();
  }

  @Test
  void aCopyWithANewIdentityIsAnotherCluster() throws Exception {
    Region origin = Region.of(servers.start(on("origin")));
    String namespace = origin.client().createNamespace("n");
    origin.client().put(namespace, "k", Bytes.utf8("v")).ok();
    int port = origin.server().uri().getPort();
    String cluster = origin.status().path("cluster").asString();
    try (Region edge = connected(servers.start(on("fra").follow(origin.server().uri(), "fra")))) {
      edge.catchUpWith(origin);
      assertThat(Command.run("cluster", "new-identity", "--data", path("origin")).errors())
          .contains("in use by another process");
      assertThat(Command.run("cluster", "new-identity", "--data", path("fra")).errors())
          .contains("is the data of an edge");
      origin.process().terminate();
      Command.run("cluster", "new-identity", "--data", path("origin")).ok();

      Region copy = start(on("origin").listen(port));
      String other = copy.status().path("cluster").asString();
      Polling.await("a refusal", () -> edge.status().path("trouble").asString("").contains(other));

      assertThat(other).isNotEqualTo(cluster).hasSize(16);
      assertThat(copy.client().get(namespace, "k").ok().body().utf8()).isEqualTo("v");
      assertThat(edge.client().get(namespace, "k").ok().body().utf8()).isEqualTo("v");
      assertThat(edge.status().path("cluster").asString()).isEqualTo(cluster);
      copy.server().close();
      Region again = start(on("origin").listen(port));
      assertThat(again.status().path("cluster").asString()).isEqualTo(other);
      List.of(copy, again).forEach(Region::close);
    }
    origin.close();
  }
}
