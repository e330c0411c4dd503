package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/** Servers whose merge of files meets a flipped bit. */
final class DamagedServerTest {
  private static final int KEYS = 400;
  private static final int VALUE_BYTES = 2000;

  private final List<Server> servers = new ArrayList<>();
  private final Random random = new Random(1);
  @TempDir Path folder;

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  private URI start(String name, Setting... more) {
    List<Setting> settings = new ArrayList<>(List.of(more));
    settings.add(setting("listen", "127.0.0.1:0"));
    settings.add(setting("data", folder.resolve(name).toString()));
    if (more.length == 0) {
      settings.add(setting("account", Launch.ACCOUNT));
    }
    settings.add(setting("limits.sweep-seconds", "1"));
    var server = new Server(Config.of(settings));
    servers.add(server);
    return server.start();
  }

  private void stop() {
    servers.removeLast().close();
  }

  @AfterEach
  void stopAll() {
    servers.reversed().forEach(Server::close);
  }

  private static String text(RestClient client, String path) {
    return client.send("GET", path, BodyPublishers.noBody()).body().utf8();
  }

  private String fill(RestClient client) {
    String namespace = client.createNamespace("n");
    for (int i = 0; i < KEYS; i++) {
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      client.put(namespace, "key" + i, Bytes.adopt(value)).ok();
    }
    return namespace;
  }

  private Path flipABit(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name).resolve("store/db"))) {
      Path table =
          files
              .filter(file -> file.toString().endsWith(".sst"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(table);
      bytes[bytes.length / 2] ^= 1;
      Files.write(table, bytes);
      return table;
    }
  }

  private static void deleteSome(RestClient client, String namespace) {
    String path = "/v1/namespaces/" + namespace + "/keys?prefix=key1";
    client.send("DELETE", path, BodyPublishers.noBody()).ok();
  }

  @Test
  void anOriginOpensItsStoreAgainWithoutMerges() throws Exception {
    String namespace;
    try (var client = new RestClient(start("origin"))) {
      namespace = fill(client);
    }
    stop();
    Path table = flipABit("origin");

    try (var client = new RestClient(start("origin"))) {
      deleteSome(client, namespace);
      Polling.await("the damage", () -> text(client, "/v1/status").contains("\"damaged\""));

      assertThat(text(client, "/v1/status"))
          .contains(table.getFileName().toString())
          .contains("of the namespace " + namespace);
      Polling.await("writes", () -> client.put(namespace, "after", Bytes.utf8("damage")).isOk());
      assertThat(text(client, "/readyz?for=writes")).startsWith("ready\ndamaged: ");
      assertThat(text(client, "/metrics")).contains("selvedge_health{state=\"damaged\"} 1");
      assertThat(client.get(namespace, "key2").status()).isEqualTo(200);
    }
    stop();

    try (var client = new RestClient(start("origin"))) {
      Reply reply = client.get(namespace, "after");
      assertThat(reply.body()).isEqualTo(Bytes.utf8("damage"));
    }
  }

  @Test
  void anEdgeReplacesItsStoreByASnapshot() throws Exception {
    URI origin = start("origin");
    Setting follow = setting("origin", origin.toString());
    Setting location = setting("location", "fra");
    try (var client = new RestClient(origin)) {
      String namespace = fill(client);
      start("edge", follow, location);
      stop();
      flipABit("edge");

      URI edge = start("edge", follow, location);
      deleteSome(client, namespace);
      Path damaged = folder.resolve("edge/store/damaged");
      Polling.await("the damage", () -> Files.exists(damaged));
      Polling.await("a store without damage", () -> !Files.exists(damaged));
      try (var reader = new RestClient(edge)) {
        Polling.await("the edge", () -> text(reader, "/readyz").equals("ready\n"));
        for (int i = 0; i < KEYS; i++) {
          int expected = ("key" + i).startsWith("key1") ? 404 : 200;
          assertThat(reader.get(namespace, "key" + i).status()).as("key" + i).isEqualTo(expected);
        }
      }
    }
  }
}
