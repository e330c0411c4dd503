package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.PreloadedMachine;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The server process on a file system that becomes read-only while the server runs. */
final class ReadOnlyDiskTest {
  private static final int DISK_MEBIBYTES = 512;
  private static final int KEYS = 20;
  private static final String REASON =
      "read-only: writing to the disk fails: Read-only file system";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private static String text(RestClient client, String path) {
    Reply reply = client.send("GET", path, BodyPublishers.noBody());
    return reply.status() + " " + reply.body().utf8();
  }

  private static String fill(RestClient client) {
    String namespace = client.createNamespace("orders");
    for (int i = 0; i < KEYS; i++) {
      client.put(namespace, "k" + i, Bytes.utf8("v" + i)).ok();
    }
    return namespace;
  }

  private static void assertReads(RestClient client, String namespace) {
    for (int i = 0; i < KEYS; i++) {
      assertThat(client.get(namespace, "k" + i).ok().body().utf8()).isEqualTo("v" + i);
    }
    assertThat(client.list(namespace, "limit=100").ok().json().path("result").size())
        .isEqualTo(KEYS);
  }

  /** Asserts that reads go on, and that every signal names the same reason. */
  private static void assertReadOnly(ServerProcess server, RestClient client, String namespace)
      throws Exception {
    Reply refusal = client.put(namespace, "refused", Bytes.utf8("refused"));
    assertThat(refusal.status()).isEqualTo(500);
    assertThat(refusal.body().utf8()).contains("writing to the disk fails: Read-only file system");
    assertThat(client.delete(namespace, "k0").status()).isEqualTo(500);
    Polling.await("a refusal", () -> text(client, "/readyz?for=writes").startsWith("503"));
    assertThat(text(client, "/readyz?for=writes")).isEqualTo("503 " + REASON + "\n");
    assertThat(text(client, "/readyz")).isEqualTo("200 ready\n" + REASON + "\n");
    assertThat(text(client, "/livez")).isEqualTo("200 alive\n");
    assertThat(text(client, "/metrics")).contains("selvedge_health{state=\"read-only\"} 1");
    server.awaitLog("health: read-only: ", "Read-only file system");
    assertThat(server.log()).doesNotContain("\\tat ");
    assertReads(client, namespace);
  }

  /** The kernel does so when it finds an error. Only a check of the file system ends it. */
  @Test
  void readsGoOnUntilTheFileSystemIsRepaired() throws Exception {
    try (var disk = SmallDisk.ext4(folder.resolve("disk"), DISK_MEBIBYTES)) {
      Launch launch = Launch.on(disk.directory().resolve("data"));
      ServerProcess server = servers.start(launch);
      String namespace;
      try (RestClient client = server.client()) {
        namespace = fill(client);

        disk.makeReadOnly();

        assertReadOnly(server, client, namespace);
      }
      assertThat(server.terminate()).isEqualTo(1);
      assertThat(server.log())
          .contains("the server did not stop cleanly: cannot close the journal")
          .doesNotContain("\\tat ");
      ServerProcess refused = servers.spawn(launch);
      assertThat(refused.awaitExit()).isEqualTo(1);
      assertThat(refused.log()).contains("Read-only file system").doesNotContain("\\tat ");

      disk.repair();

      server = servers.start(launch);
      try (RestClient client = server.client()) {
        assertReads(client, namespace);
        client.put(namespace, "after", Bytes.utf8("after")).ok();
      }
    }
  }

  @Test
  void writesResumeByThemselvesWhenTheFileSystemIsWritableAgain() throws Exception {
    Path data = folder.resolve("data");
    var machine = PreloadedMachine.withoutRecord(folder.resolve("machine"), data);
    ServerProcess server = servers.start(Launch.on(data).on(machine));
    String namespace;
    try (RestClient client = server.client()) {
      namespace = fill(client);

      machine.readOnly(true);
      assertReadOnly(server, client, namespace);
      machine.readOnly(false);

      Polling.await("serving", () -> text(client, "/readyz?for=writes").equals("200 ready\n"));
      assertReads(client, namespace);
      assertThat(client.get(namespace, "refused").status()).isEqualTo(404);
      client.put(namespace, "after", Bytes.utf8("after")).ok();
      server.awaitLog("health: serving again, after ");
    }
    server.kill();
    try (RestClient client = servers.start(Launch.on(data)).client()) {
      assertThat(client.get(namespace, "after").ok().body().utf8()).isEqualTo("after");
    }
  }
}
