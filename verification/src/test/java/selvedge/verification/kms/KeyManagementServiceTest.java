package selvedge.verification.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.MasterKeys;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** A server whose master key is in a key management service that is another process. */
final class KeyManagementServiceTest {
  private static final Launch.Extension PLUGIN =
      new Launch.Extension(
          KeyServiceProcess.CLASSES.toString(),
          Map.of("KEY_SERVICE_TOKEN", KeyServiceProcess.TOKEN));

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Path keys() {
    return folder.resolve("keys");
  }

  private Launch launch(KeyServiceProcess service) {
    return Launch.on(folder.resolve("data"))
        .extended(PLUGIN)
        .with("--encryption-kms", "test:" + service.address());
  }

  private ProcessResult selvedge(String... arguments) {
    return Launch.selvedge(folder, PLUGIN).with(List.of(arguments)).run(Duration.ofMinutes(1));
  }

  private static String masterKey(RestClient client) {
    return client
        .send("GET", "/v1/status", BodyPublishers.noBody())
        .ok()
        .json()
        .path("encryption")
        .path("master_key")
        .asString();
  }

  private static void rotate(KeyServiceProcess service) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service.address() + "/rotate"))
            .header("Authorization", "Bearer " + KeyServiceProcess.TOKEN)
            .POST(BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(request, BodyHandlers.discarding());
    }
  }

  @Test
  void aServerKeepsItsMasterKeyInTheService() throws Exception {
    String namespace;
    String backup = folder.resolve("data/backups/b").toString();
    int port;
    try (KeyServiceProcess service = KeyServiceProcess.start(keys(), 0);
        ServerProcess server = servers.start(launch(service));
        RestClient client = server.client()) {
      port = service.port();
      namespace = client.createNamespace("n");
      client.put(namespace, "k", Bytes.utf8("before")).ok();
      assertThat(masterKey(client)).isEqualTo("service/key:1");

      rotate(service);
      String data = folder.resolve("data").toString();
      assertThat(selvedge("key", "rotate", "--data", data).ok().text())
          .contains("the master key service/key:2 wraps");
      selvedge("backup", "create", "b", "--data", data).ok();
      String place = "test:" + service.address();
      selvedge("backup", "verify", backup, "--encryption-kms", place).ok();
      service.stop();
      client.put(namespace, "k", Bytes.utf8("without the service")).ok();
      server.kill();
    }

    try (KeyServiceProcess stranger = KeyServiceProcess.start(folder.resolve("other"), 0)) {
      try (ServerProcess server = servers.spawn(launch(stranger))) {
        assertThat(server.awaitExit()).isNotZero();
        assertThat(server.log())
            .contains("is encrypted under the master key service/key:2")
            .contains("the key service at " + stranger.address() + " has only service/key:1");
      }
    }
    try (KeyServiceProcess service = KeyServiceProcess.start(keys(), port)) {
      service.stop();
      try (ServerProcess server = servers.spawn(launch(service))) {
        assertThat(server.awaitExit()).isNotZero();
        server.awaitLog("cannot read the keys of the key service at ");
      }
    }
    try (KeyServiceProcess service = KeyServiceProcess.start(keys(), port);
        ServerProcess server = servers.start(launch(service));
        RestClient client = server.client()) {
      assertThat(client.get(namespace, "k").ok().body().utf8()).isEqualTo("without the service");
      client.put(namespace, "k", Bytes.utf8("after")).ok();
    }
    assertThat(Files.readString(keys())).contains("service/key:2");
  }

  @Test
  void anUnknownServiceIsRefusedWithTheNamesThatExist() {
    assertThatThrownBy(() -> MasterKeys.service("vault:x"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("got vault:x; there are: test");
  }
}
