package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.RawClient;

/** Web pages, hosts and proxies that the operator allows. */
final class AllowedPageTest {
  private static final String VALUE = "/kv/shop/key";
  private static final String LOCAL = "Host: localhost:5820";
  private static final String ROOT = "root-token-of-the-tests-of-allowed-pages";
  private static final String PAGE = "Origin: https://app.example";

  @TempDir Path folder;

  private OpenServer server(String... settings) throws Exception {
    OpenServer server = OpenServer.on(folder, settings);
    String token = "Authorization: Bearer " + ROOT;
    assertThat(server.send("PUT /v1/namespaces/shop", "", LOCAL, token).status()).isEqualTo(200);
    assertThat(server.send("PUT " + VALUE, "value", LOCAL, token).status()).isEqualTo(200);
    return server;
  }

  @Test
  void anAllowedPageMayOnlyReadAnOpenServer() throws Exception {
    try (OpenServer server = server("allowed-origins", "https://app.example")) {
      for (int i = 0; i < 2; i++) {
        RawClient.Answer read =
            server.ask("GET " + VALUE, LOCAL, PAGE, "Sec-Fetch-Site: cross-site");
        assertThat(read.body().utf8()).isEqualTo("value");
        assertThat(read.headers())
            .containsEntry("access-control-allow-origin", "https://app.example")
            .containsEntry("vary", "Origin");
      }
      assertThat(server.send("PUT " + VALUE, "stolen", LOCAL, PAGE).status()).isEqualTo(403);
      RawClient.Answer other = server.ask("GET " + VALUE, LOCAL, "Origin: https://evil.example");
      assertThat(other.status()).isEqualTo(403);
      assertThat(other.headers()).doesNotContainKey("access-control-allow-origin");
      RawClient.Answer own = server.ask("GET " + VALUE, LOCAL);
      assertThat(own.body().utf8()).isEqualTo("value");
      assertThat(own.headers())
          .containsEntry("vary", "Origin")
          .doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void anAllowedPageWithATokenMayUseAGuardedServer() throws Exception {
    try (OpenServer server = server("allowed-origins", "https://app.example", "root-token", ROOT)) {
      RawClient.Answer preflight =
          server.ask(
              "OPTIONS " + VALUE,
              LOCAL,
              PAGE,
              "Access-Control-Request-Method: GET",
              "Access-Control-Request-Headers: authorization, selvedge-at-least");
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.headers())
          .containsEntry("access-control-allow-origin", "https://app.example")
          .containsEntry("access-control-allow-methods", "GET, HEAD")
          .containsEntry("access-control-allow-headers", "authorization, selvedge-at-least")
          .doesNotContainKey("access-control-allow-credentials");

      RawClient.Answer read =
          server.ask("GET " + VALUE, LOCAL, PAGE, "Authorization: Bearer " + ROOT);
      assertThat(read.body().utf8()).isEqualTo("value");
      assertThat(read.headers())
          .containsEntry("access-control-allow-origin", "https://app.example");
      assertThat(server.ask("GET " + VALUE, LOCAL, PAGE).status()).isEqualTo(401);
      assertThat(
              server
                  .ask(
                      "OPTIONS " + VALUE,
                      LOCAL,
                      "Origin: https://evil.example",
                      "Access-Control-Request-Method: GET")
                  .headers())
          .doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void anAllowedHostIsAcceptedAsHostAndAsOrigin() throws Exception {
    try (OpenServer server = server("allowed-hosts", "kv.example, *.dev.example")) {
      assertThat(server.ask("GET " + VALUE, "Host: kv.example:5820").status()).isEqualTo(200);
      assertThat(server.ask("GET " + VALUE, "Host: a.b.dev.example").status()).isEqualTo(200);
      assertThat(server.ask("GET " + VALUE, "Host: dev.example").status()).isEqualTo(403);
      assertThat(server.ask("GET " + VALUE, "Host: evildev.example").status()).isEqualTo(403);
      assertThat(server.ask("GET " + VALUE, LOCAL, "Origin: https://kv.example").status())
          .as("origin of an allowed host, with another Host header")
          .isEqualTo(200);
      assertThat(server.ask("GET " + VALUE, LOCAL, "Origin: https://kv.example:8443").status())
          .isEqualTo(403);
    }
  }

  @Test
  void refusesRequestsOfAProxyWithoutTheSettingOpen() throws Exception {
    try (OpenServer server = server()) {
      for (String header :
          new String[] {
            "Forwarded: for=1.2.3.4",
            "X-Forwarded-For: 1.2.3.4",
            "x-forwarded-proto: https",
            "X-Real-IP: 1.2.3.4",
            "Via: 1.1 proxy"
          }) {
        RawClient.Answer refused = server.ask("GET " + VALUE, LOCAL, header);
        assertThat(refused.status()).as(header).isEqualTo(403);
        assertThat(refused.reason()).contains("--open", "token");
      }
    }
    try (OpenServer server = server("open", "true")) {
      assertThat(server.ask("GET " + VALUE, LOCAL, "X-Forwarded-For: 1.2.3.4").status())
          .isEqualTo(200);
      assertThat(server.ask("GET " + VALUE, "Host: evil.example").status()).isEqualTo(403);
    }
  }

  @Test
  void anEdgeChecksPagesThatItsOriginDoesNotAllow() throws Exception {
    try (OpenServer origin = server();
        OpenServer edge =
            OpenServer.on(
                folder.resolve("edge"),
                "origin",
                origin.uri().toString(),
                "location",
                "fra",
                "open",
                "true",
                "allowed-hosts",
                "fra.example")) {
      assertThat(edge.send("PUT " + VALUE, "stolen", "Host: evil.example").status()).isEqualTo(403);
      assertThat(edge.send("PUT " + VALUE, "stolen", LOCAL, "Sec-Fetch-Site: cross-site").status())
          .isEqualTo(403);
      RawClient.Answer own =
          edge.send(
              "PUT " + VALUE,
              "new",
              "Host: fra.example",
              "Origin: https://fra.example",
              "Sec-Fetch-Site: same-origin",
              "Via: 1.1 proxy",
              "X-Forwarded-For: 1.2.3.4",
              "X-Real-IP: 1.2.3.4",
              "Forwarded: for=1.2.3.4");
      assertThat(own.status()).isEqualTo(200);
      assertThat(origin.ask("GET " + VALUE, LOCAL).body().utf8()).isEqualTo("new");
    }
  }
}
