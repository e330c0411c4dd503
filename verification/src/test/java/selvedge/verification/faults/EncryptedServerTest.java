package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;

/** Encryption at rest: the bytes on disk, key commands, backups and refusals. */
final class EncryptedServerTest {
  private static final String MARKER = "the-marker-that-must-not-be-on-disk";
  private static final int LARGE_BYTES = 900_000;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Path key() {
    return folder.resolve("key");
  }

  private Launch on(String name) {
    return Launch.on(folder.resolve(name));
  }

  private Launch encrypted(String name) {
    return on(name).with("--encryption-key-file", key().toString());
  }

  /** The files below the folder that hold the marker. */
  private List<Path> markers(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      return files.filter(Files::isRegularFile).filter(EncryptedServerTest::hasMarker).toList();
    }
  }

  /** RocksDB deletes files meanwhile. */
  private static boolean hasMarker(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(MARKER);
    } catch (IOException e) {
      return false;
    }
  }

  private static JsonNode encryption(RestClient client) {
    return client.send("GET", "/v1/status", BodyPublishers.noBody()).ok().json().path("encryption");
  }

  private static long version(RestClient client) {
    return client
        .send("GET", "/v1/status", BodyPublishers.noBody())
        .ok()
        .json()
        .path("version")
        .asLong();
  }

  private static void write(RestClient client, String namespace) {
    client.put(namespace, "small", Bytes.utf8(MARKER)).ok();
    client.put(namespace, "large", Bytes.utf8(MARKER.repeat(LARGE_BYTES / MARKER.length()))).ok();
    client.putForm(namespace, "form", Bytes.utf8(MARKER.repeat(10_000))).ok();
    client
        .bulkPut(
            namespace,
            "[{\"key\":\"bulk\",\"value\":\"%s\",\"metadata\":{\"m\":\"%s\"}}]"
                .formatted(MARKER.repeat(9000), MARKER))
        .ok();
  }

  private static void requireAll(RestClient client, String namespace) {
    assertThat(client.get(namespace, "small").ok().body().utf8()).isEqualTo(MARKER);
    assertThat(client.get(namespace, "large").ok().body().utf8())
        .isEqualTo(MARKER.repeat(LARGE_BYTES / MARKER.length()));
    assertThat(client.get(namespace, "bulk").ok().body().utf8()).isEqualTo(MARKER.repeat(9000));
    assertThat(client.list(namespace, "").ok().body().utf8()).contains("\"m\":\"" + MARKER + "\"");
  }

  @Test
  void noPlainValueIsOnDiskAndAKeyIsNeededForBackupsAndTheirRestore() throws Exception {
    Command.run("key", "generate", key().toString()).ok();
    String namespace;
    try (ServerProcess server = servers.start(encrypted("data"));
        RestClient client = server.client()) {
      namespace = client.createNamespace(MARKER);
      write(client, namespace);
      assertThat(encryption(client).path("complete").asBoolean()).isTrue();
      Command.run("backup", "create", "monday", "--data", folder.resolve("data").toString()).ok();
      requireAll(client, namespace);
      assertThat(markers("data")).isEmpty();
      server.kill();
    }
    assertThat(markers("data")).isEmpty();

    Path backup = folder.resolve("data/backups/monday");
    String file = key().toString();
    ProcessResult refused = Command.run("backup", "verify", backup.toString());
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.errors())
        .contains("is encrypted under the master key ")
        .contains("none of encryption-key-file, encryption-kms and SELVEDGE_ENCRYPTION_KEY is set");
    Command.run("backup", "verify", backup.toString(), "--encryption-key-file", file).ok();
    String restored = folder.resolve("restored").toString();
    Command.run(
            "backup",
            "restore",
            backup.toString(),
            "--data",
            restored,
            "--encryption-key-file",
            file)
        .ok();
    Command.run("cluster", "new-identity", "--data", restored, "--encryption-key-file", file).ok();
    try (ServerProcess server = servers.start(encrypted("restored"));
        RestClient client = server.client()) {
      requireAll(client, namespace);
    }
    assertThat(markers("restored")).isEmpty();
  }

  /**
   * Each machine has its own keys: replication sends plain data, and each store has its own data
   * keys.
   */
  @Test
  void anEdgeWithAKeyOfItsOwnFollowsAnOriginWithoutOne() throws Exception {
    Command.run("key", "generate", key().toString()).ok();
    try (ServerProcess origin = servers.start(on("origin"));
        RestClient client = origin.client()) {
      String namespace = client.createNamespace("n");
      write(client, namespace);
      try (ServerProcess edge = servers.start(encrypted("edge").follow(origin.uri(), "fra"));
          RestClient reader = edge.client()) {
        client.put(namespace, "late", Bytes.utf8(MARKER)).ok();
        requireAll(reader, namespace);
        Polling.await(
            "the change at the edge", () -> reader.get(namespace, "late").status() == 200);
        assertThat(encryption(reader).path("complete").asBoolean()).isTrue();
        assertThat(encryption(client).isMissingNode()).isTrue();
        assertThat(markers("edge")).isEmpty();
        edge.kill();
      }
      assertThat(markers("edge")).isEmpty();
      assertThat(markers("origin")).isNotEmpty();
    }
  }

  @Test
  void aServerIsEncryptedWhileItServesAndItsKeyIsRotated() throws Exception {
    String namespace;
    try (ServerProcess server = servers.start(on("data"));
        RestClient client = server.client()) {
      namespace = client.createNamespace("n");
      write(client, namespace);
      assertThat(encryption(client).isMissingNode()).isTrue();
      server.terminate();
    }
    assertThat(markers("data")).isNotEmpty();
    Command.run("key", "generate", key().toString()).ok();
    String data = folder.resolve("data").toString();
    try (ServerProcess server = servers.start(encrypted("data").limit("sweep-seconds", 1));
        RestClient client = server.client()) {
      Polling.await(
          "all rows are encrypted", () -> encryption(client).path("complete").asBoolean());
      server.awaitLog("the store has rows that are not encrypted");
      requireAll(client, namespace);
      String before = encryption(client).path("master_key").asString();
      long written = version(client);
      Command.run("key", "generate", key().toString(), "--add").ok();
      ProcessResult rotated = Command.run("key", "rotate", "--data", data, "--rewrite").ok();
      String after = encryption(client).path("master_key").asString();
      assertThat(after).isNotEqualTo(before);
      assertThat(rotated.text()).contains("the master key " + after + " wraps");
      Polling.await(
          "all rows are encrypted again",
          () -> encryption(client).path("rewritten_percent").asInt() == 100);
      long earlier = encryption(client).path("earlier_keys_until").asLong();
      assertThat(earlier).isBetween(written, version(client));
      assertThat(Command.run("status", server.uri().toString()).ok().text())
          .contains("except changes up to version " + earlier);
      requireAll(client, namespace);
      server.terminate();
    }
    assertThat(markers("data")).isEmpty();
    Files.writeString(key(), Files.readAllLines(key()).getLast() + "\n");
    try (ServerProcess server = servers.spawn(encrypted("data"))) {
      assertThat(server.awaitExit()).isNotZero();
      assertThat(server.log())
          .contains("is encrypted under the master key ")
          .contains("encryption-key-file " + key() + " has only ");
    }
  }
}
