package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RawClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A guarded server reveals nothing to clients without a token or with a small grant. */
final class UnauthorizedClientTest {
  private static final String LOCAL = "Host: 127.0.0.1";
  private static final String NAMESPACES =
      "/client/v4/accounts/" + Launch.ACCOUNT + "/storage/kv/namespaces";
  private static final String ROOT = "root-token-of-the-tests-of-strangers";
  private static final String ADMIN = "Authorization: Bearer " + ROOT;

  @TempDir Path folder;

  private OpenServer server;

  @BeforeEach
  void start() {
    server = OpenServer.on(folder, "root-token", ROOT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static JsonNode json(RawClient.Answer answer) {
    return JsonMapper.shared().readTree(answer.body().utf8());
  }

  @Test
  void responsesWithoutATokenDoNotRevealVersions() throws Exception {
    for (String request :
        new String[] {
          "GET /livez",
          "GET /readyz",
          "GET /metrics",
          "GET /",
          "GET /nothing",
          "GET /v1/status",
          "GET /v1/namespaces/n/values/k",
          "GET /kv/n/k",
          "GET /client/v4/nothing",
          "GET /client/v4/accounts",
          "GET /client/v4/user/tokens/verify",
          "PUT /kv/n/k"
        }) {
      for (String credential : new String[] {"X-Nothing: 1", "Authorization: Bearer wrong"}) {
        RawClient.Answer plain = server.ask(request, LOCAL, credential);
        RawClient.Answer later = server.ask(request, LOCAL, credential, "Selvedge-At-Least: 9999");
        assertThat(plain.headers()).as(request).doesNotContainKeys("selvedge-as-of");
        assertThat(later.headers()).as(request).doesNotContainKeys("selvedge-as-of");
        assertThat(later.status()).as(request).isEqualTo(plain.status());
      }
    }
    assertThat(server.ask("GET /v1/status", LOCAL, ADMIN).headers())
        .containsKeys("selvedge-as-of", "selvedge-age");
  }

  @Test
  void anAdminOfOneNamespaceCannotFindTitlesByRenaming() throws Exception {
    server.send("POST " + NAMESPACES, "{\"title\":\"secret project\"}", LOCAL, ADMIN);
    String mine =
        json(server.send("POST " + NAMESPACES, "{\"title\":\"mine\"}", LOCAL, ADMIN))
            .path("result")
            .path("id")
            .asString();
    String wish =
        "{\"grant\":\"admin\",\"account\":\"%s\",\"namespace\":\"%s\"}"
            .formatted(Launch.ACCOUNT, mine);
    String token =
        "Authorization: Bearer "
            + json(server.send("POST /v1/tokens", wish, LOCAL, ADMIN)).path("secret").asString();

    RawClient.Answer taken =
        server.send(
            "PUT " + NAMESPACES + "/" + mine, "{\"title\":\"secret project\"}", LOCAL, token);
    RawClient.Answer free =
        server.send("PUT " + NAMESPACES + "/" + mine, "{\"title\":\"free\"}", LOCAL, token);
    RawClient.Answer renamed =
        server.send("PUT " + NAMESPACES + "/" + mine, "{\"title\":\"renamed\"}", LOCAL, ADMIN);

    assertThat(taken.status()).isEqualTo(403);
    assertThat(taken.body()).isEqualTo(free.body());
    assertThat(renamed.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /livez HTTP/1.1\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a\r\nX: 1\r\nhost: b\r\n\r\n",
        "GET /livez HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: a/b\r\n\r\n"
      })
  void aRequestMustHaveExactlyOneHost(String request) throws Exception {
    try (var client = new RawClient(server.address())) {
      client.send(request);
      assertThat(client.receive().status()).isEqualTo(400);
      assertThat(client.readToEnd()).isZero();
    }
  }

  @Test
  void allResponsesForbidEmbeddingAndSniffing() throws Exception {
    for (String request : new String[] {"GET /livez", "GET /", "GET /v1/status", "GET /nothing"}) {
      assertThat(server.ask(request, LOCAL, ADMIN).headers())
          .containsEntry("x-content-type-options", "nosniff")
          .containsEntry("cross-origin-resource-policy", "same-origin");
    }
  }
}
