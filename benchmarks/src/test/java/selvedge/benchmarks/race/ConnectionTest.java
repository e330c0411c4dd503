package selvedge.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/** Streams a large value to a server and back. */
final class ConnectionTest {
  private static final String SOURCE = "test";

  @TempDir private Path folder;
  private final LargeValue value = new LargeValue(1);
  private AutoCloseable running = () -> {};
  private URI address = URI.create("");

  @BeforeEach
  void start() throws Exception {
    Server server =
        new Server(
            Config.of(
                List.of(
                    new Setting("listen", "127.0.0.1:0", SOURCE),
                    new Setting("data", folder.toString(), SOURCE),
                    new Setting("account", SelvedgeServer.ACCOUNT, SOURCE),
                    new Setting("root-token", SelvedgeServer.TOKEN, SOURCE))));
    running = server;
    String url = server.start().toString();
    String namespace = SelvedgeServer.namespace(url);
    address =
        URI.create(
            url
                + "/client/v4/accounts/"
                + SelvedgeServer.ACCOUNT
                + "/storage/kv/namespaces/"
                + namespace
                + "/values/k");
  }

  @AfterEach
  void stop() throws Exception {
    running.close();
  }

  @Test
  void readsALargeValueThatItHasPut() throws IOException {
    try (Connection connection = new Connection(address)) {
      connection.put(value);
      connection.get(value);
      connection.get(value);
    }
  }

  @Test
  void failsForAnotherValue() throws IOException {
    try (Connection connection = new Connection(address)) {
      connection.put(value);

      assertThatIOException()
          .isThrownBy(() -> connection.get(new LargeValue(2)))
          .withMessageContaining("is not the expected value");
    }
  }
}
