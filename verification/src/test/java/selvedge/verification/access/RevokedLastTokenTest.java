package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.server.ServerFile;
import selvedge.verification.process.Polling;
import tools.jackson.databind.json.JsonMapper;

/** A server that had a token stays closed unless the setting open is true. */
final class RevokedLastTokenTest {
  private static final String LOCAL = "Host: 127.0.0.1";
  private static final String STATUS = "GET /v1/status";

  @TempDir Path folder;

  private String owner(String name) {
    String secret = new ServerFile(folder.resolve(name)).read().orElseThrow().secret();
    return "Authorization: Bearer " + secret;
  }

  private void createAndRevokeToken(OpenServer server, String name) throws Exception {
    String created =
        server.send("POST /v1/tokens", "{\"grant\":\"admin\"}", LOCAL, owner(name)).body().utf8();
    String id = JsonMapper.shared().readTree(created).path("id").asString();
    assertThat(server.ask("DELETE /v1/tokens/" + id, LOCAL, owner(name)).status()).isEqualTo(200);
  }

  @Test
  void revokingTheLastTokenDoesNotOpenTheServer() throws Exception {
    try (OpenServer server = OpenServer.on(folder.resolve("data"))) {
      assertThat(server.ask(STATUS, LOCAL).status()).isEqualTo(200);
      createAndRevokeToken(server, "data");

      assertThat(server.ask(STATUS, LOCAL).status()).isEqualTo(401);
      assertThat(server.ask("GET /v1/tokens", LOCAL, owner("data")).status()).isEqualTo(200);
    }
    try (OpenServer again = OpenServer.on(folder.resolve("data"))) {
      assertThat(again.ask(STATUS, LOCAL).status()).isEqualTo(401);
    }
    try (OpenServer open = OpenServer.on(folder.resolve("data"), "open", "true")) {
      assertThat(open.ask(STATUS, LOCAL).status()).isEqualTo(200);
    }
  }

  @Test
  void anEdgeStaysClosedLikeItsOrigin() throws Exception {
    String root = "root-token-of-the-origin-of-this-test";
    try (OpenServer origin = OpenServer.on(folder.resolve("origin"), "root-token", root);
        OpenServer edge =
            OpenServer.on(
                folder.resolve("edge"),
                "origin",
                origin.uri().toString(),
                "origin-token",
                root,
                "location",
                "fra")) {
      assertThat(edge.ask(STATUS, LOCAL).status()).isEqualTo(401);
      String bearer = "Authorization: Bearer " + root;
      assertThat(origin.ask("DELETE /v1/tokens/root", LOCAL, bearer).status()).isEqualTo(200);

      Polling.await("a revocation", () -> edge.ask(STATUS, LOCAL, bearer).status() == 401);
      assertThat(edge.ask(STATUS, LOCAL).status()).isEqualTo(401);
      assertThat(origin.ask(STATUS, LOCAL).status()).isEqualTo(401);
    }
  }

  @Test
  void aServerOnANetworkAddressIsOpenOnlyWithTheSetting() throws Exception {
    assertThatThrownBy(() -> OpenServer.on(folder.resolve("data"), "listen", "0.0.0.0:0"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("--open");
    try (OpenServer open =
        OpenServer.on(folder.resolve("data"), "listen", "0.0.0.0:0", "open", "true")) {
      assertThat(open.ask(STATUS, LOCAL).status()).isEqualTo(200);
      assertThat(open.ask(STATUS, "Host: evil.example").status()).isEqualTo(403);
    }
  }
}
