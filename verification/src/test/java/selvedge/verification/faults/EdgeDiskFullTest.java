package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.PreloadedMachine;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Servers whose disk is full for a while: they must go on without a restart. */
@Tag("soak")
final class EdgeDiskFullTest {
  private static final int DISK_MEBIBYTES = 192;
  private static final int VALUE_BYTES = 200_000;
  private static final int LOG_LINES_MAX = 100;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private ServerProcess origin() {
    return servers.start(Launch.on(folder.resolve("origin")));
  }

  private ServerProcess follow(URI origin, Path data) throws Exception {
    ServerProcess edge = servers.start(Launch.on(data).follow(origin, "fra"));
    Polling.await("a feed", () -> isConnected(edge));
    return edge;
  }

  private static boolean isConnected(ServerProcess server) {
    try (RestClient client = server.client()) {
      return client
          .send("GET", "/v1/status", BodyPublishers.noBody())
          .ok()
          .json()
          .path("connected")
          .asBoolean();
    }
  }

  private static long version(RestClient client) {
    return client
        .send("GET", "/v1/status", BodyPublishers.noBody())
        .ok()
        .json()
        .path("version")
        .asLong();
  }

  @Test
  void anEdgeFollowsAgainWhenItsDiskHasSpace() throws Exception {
    try (var disk = SmallDisk.ext4(folder.resolve("disk"), DISK_MEBIBYTES);
        ServerProcess origin = origin();
        RestClient writer = origin.client()) {
      String namespace = writer.createNamespace("n");
      writer.put(namespace, "first", Bytes.utf8("1")).ok();
      ServerProcess edge = follow(origin.uri(), disk.directory().resolve("data"));
      try (RestClient reader = edge.client()) {
        Path other = disk.fill(24 << 20);
        for (int i = 0; !isFull(edge); i++) {
          writer.put(namespace, "k" + i, Bytes.adopt(new byte[VALUE_BYTES])).ok();
        }
        for (int i = 0; i < 500; i++) {
          writer.put(namespace, "small" + i, Bytes.utf8("v" + i)).ok();
        }
        assertThat(reader.get(namespace, "first").ok().body().utf8()).isEqualTo("1");

        Files.delete(other);

        long version = version(writer);
        Polling.await("version " + version, () -> version(reader) >= version);
        assertThat(reader.get(namespace, "small499").ok().body().utf8()).isEqualTo("v499");
        assertThat(edge.log().lines()).hasSizeLessThan(LOG_LINES_MAX);
      }
    }
  }

  private static boolean isFull(ServerProcess edge) {
    return edge.log().contains("disk is full");
  }

  /** RocksDB that cannot create a log file refuses all writes until it is opened again. */
  @Test
  void anOriginAcceptsWritesAgainAfterALogFileCouldNotBeCreated() throws Exception {
    var machine = PreloadedMachine.in(folder.resolve("machine"), folder.resolve("disk"));
    Files.createDirectories(folder.resolve("disk"));
    Launch launch = onDisk().on(machine);
    try (ServerProcess server = servers.start(launch);
        RestClient client = server.client()) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "k", Bytes.utf8("before")).ok();
      stopTables(machine);

      Polling.await("a put", () -> client.put(namespace, "k", Bytes.utf8("after")).isOk());

      assertThat(client.get(namespace, "k").ok().body().utf8()).isEqualTo("after");
      server.awaitLog("opening the store again");
    }
  }

  @Test
  void anEdgeFollowsAgainAfterALogFileCouldNotBeCreated() throws Exception {
    var machine = PreloadedMachine.in(folder.resolve("machine"), folder.resolve("disk"));
    Files.createDirectories(folder.resolve("disk"));
    try (ServerProcess origin = origin();
        RestClient writer = origin.client()) {
      String namespace = writer.createNamespace("n");
      writer.put(namespace, "k", Bytes.utf8("before")).ok();
      try (ServerProcess edge = servers.start(onDisk().follow(origin.uri(), "fra").on(machine));
          RestClient reader = edge.client()) {
        Polling.await("a feed", () -> isConnected(edge));
        stopTables(machine);

        writer.put(namespace, "k", Bytes.utf8("after")).ok();

        Polling.await("the change", () -> reader.get(namespace, "k").body().utf8().equals("after"));
        edge.awaitLog("opening the store again");
      }
    }
  }

  /** Backups are on another disk. */
  private Launch onDisk() {
    return Launch.on(folder.resolve("disk").resolve("data"))
        .with("--backup-dir", folder.resolve("backups").toString());
  }

  /** A backup moves the tables to files, for which RocksDB begins another log. */
  private void stopTables(PreloadedMachine machine) {
    machine.fill(true);
    try (RestClient owner = RestClient.ofOwner(folder.resolve("disk").resolve("data"))) {
      assertThat(owner.send("POST", "/v1/backup?name=b", BodyPublishers.noBody()).status())
          .isGreaterThanOrEqualTo(500);
    } finally {
      machine.fill(false);
    }
  }
}
