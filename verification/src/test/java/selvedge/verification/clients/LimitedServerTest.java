package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** The stock clients with a server with the limits of Workers KV: see {@code limited.mjs}. */
final class LimitedServerTest {
  @RegisterExtension
  static final SharedServer SERVER = new SharedServer("--profile", "workers-free");

  @TestFactory
  List<DynamicTest> tellsTheClientsToComeBackLater() {
    return Scenarios.of("limited.mjs", SERVER.process(), Map.of("SELVEDGE_TOKEN", "any"));
  }

  @Test
  void wranglerReportsATooShortTimeToLive(@TempDir Path folder) {
    Wrangler wrangler = Wrangler.of(NpmProject.stock(), folder, SERVER.process(), "any");
    try (RestClient client = SERVER.client("any")) {
      String namespace = client.createNamespace("short");

      ProcessResult refused = wrangler.kvIn(namespace, "key", "put", "k", "v", "--ttl", "59");

      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.errors())
          .contains("Expiration TTL must be at least 60")
          .contains("[code: 10034]");
    }
  }
}
