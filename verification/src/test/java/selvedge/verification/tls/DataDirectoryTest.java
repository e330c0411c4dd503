package selvedge.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Command;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;

/** Commands that connect to a server with TLS on all addresses through its data directory. */
final class DataDirectoryTest {
  private final Authority authority = new Authority("private");
  private final Path folder;
  private final Server server;
  private URI uri = URI.create("https://0.0.0.0");

  DataDirectoryTest(@TempDir Path folder) {
    this.folder = folder;
    issue();
    server =
        new Server(
            Config.of(
                List.of(
                    setting("listen", "0.0.0.0:0"),
                    setting("data", folder.resolve("data").toString()),
                    setting("root-token", "token-of-the-root-of-this-test-0123456789"),
                    setting("tls-cert", folder.resolve("cert.pem").toString()),
                    setting("tls-key", folder.resolve("key.pem").toString()))));
  }

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  private void issue() {
    authority.issue("kv.example").write(folder.resolve("cert.pem"), folder.resolve("key.pem"));
  }

  @BeforeEach
  void start() {
    uri = server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ProcessResult tokens() {
    return Command.run("token", "list", "--data", folder.resolve("data").toString());
  }

  @Test
  void trustsTheCertificateOfTheServerForAnyName() throws Exception {
    assertThat(uri.getScheme()).isEqualTo("https");
    assertThat(tokens().ok().text()).contains("root");

    Path door = folder.resolve("data/server.json");
    String before = Files.readString(door);
    issue();
    Polling.await("the new certificate is in use", () -> !Files.readString(door).equals(before));

    assertThat(tokens().ok().text()).contains("root");
  }

  @Test
  void refusesAnotherCertificateAtTheSameAddress() throws Exception {
    Path door = folder.resolve("data/server.json");
    String own = Files.readString(door);
    try (var listener = new Listener(authority.issue("kv.example"))) {
      Files.writeString(
          door, own.replace(":" + uri.getPort(), ":" + listener.uri("127.0.0.1").getPort()));

      assertThat(tokens().exit()).isEqualTo(1);
      assertThat(listener.received()).isEmpty();
    } finally {
      Files.writeString(door, own);
    }
  }
}
