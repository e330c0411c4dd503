package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** The stock clients with a server that requires a token. */
final class GuardedServerTest {
  private static final String ROOT = "root-token-of-the-tests-of-clients";

  @RegisterExtension static final SharedServer SERVER = new SharedServer("--root-token", ROOT);

  private static String readToken = "";
  private static String namespace = "";

  @TempDir Path folder;

  @BeforeAll
  static void makeTokens() {
    try (RestClient root = SERVER.client(ROOT)) {
      String wish =
          "{\"name\":\"reader\",\"grant\":\"read\",\"account\":\"" + Launch.ACCOUNT + "\"}";
      readToken =
          root.send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
              .ok()
              .json()
              .path("secret")
              .asString();
      namespace = root.createNamespace("guarded");
      root.put(namespace, "k", Bytes.utf8("v")).ok();
    }
  }

  private ProcessResult kv(String token, String... arguments) {
    return Wrangler.of(NpmProject.stock(), folder, SERVER.process(), token)
        .kvIn(namespace, arguments);
  }

  @TestFactory
  List<DynamicTest> tellsTheClientsWhatTheyMayDo() {
    return Scenarios.of(
        "guarded.mjs",
        SERVER.process(),
        Map.of("SELVEDGE_TOKEN", ROOT, "SELVEDGE_READ_TOKEN", readToken));
  }

  @Test
  void aReadTokenLetsWranglerReadAndNotWrite() {
    assertThat(kv(readToken, "key", "get", "k").ok().text()).isEqualTo("v");

    ProcessResult refused = kv(readToken, "key", "put", "k", "w");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).contains("Authentication error [code: 10000]");
    assertThat(kv(ROOT, "key", "get", "k").ok().text()).isEqualTo("v");
  }

  @Test
  void wranglerReportsAnUnknownToken() {
    ProcessResult refused = kv("no-such-token", "key", "list");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).contains("Authentication error [code: 10000]");
  }
}
