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
import selvedge.verification.process.RawHttp2Client;

/** Attacks of web pages on an open server on the same machine as the browser. */
final class WebPageTest {
  private static final String NAMESPACES =
      "/client/v4/accounts/" + Launch.ACCOUNT + "/storage/kv/namespaces";
  private static final String VALUE = "/kv/shop/key";
  private static final String LOCAL = "Host: 127.0.0.1:5820";

  @TempDir Path folder;

  private OpenServer server;

  @BeforeEach
  void start() throws Exception {
    server = OpenServer.on(folder);
    assertThat(server.send("PUT /v1/namespaces/shop", "", LOCAL).status()).isEqualTo(200);
    assertThat(server.send("PUT " + VALUE, "value", LOCAL).status()).isEqualTo(200);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/client/v4/accounts",
        "/client/v4/user",
        VALUE,
        "/v1/namespaces/shop/values/key",
        "/v1/snapshot",
        "/v1/feed",
        "/v1/status",
        "/v1/tokens",
        "/metrics",
        "/",
        "/nothing"
      })
  void refusesAReboundName(String path) throws Exception {
    RawClient.Answer answer = server.ask("GET " + path, "Host: evil.example");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body().utf8())
        .contains("evil.example", "allowed-hosts")
        .doesNotContain("value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:5820",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "1.2.3.4.5",
        "127.0.0.1.",
        "0x7f.1",
        "256.1.1.1",
        "svc.evil",
        "evilinternal.x",
        "evil.example.",
        "evil.example:0:1",
        "[::1].evil.example"
      })
  void refusesNamesThatAPageCanHave(String host) throws Exception {
    assertThat(server.ask("GET " + VALUE, "Host: " + host).status()).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:5820",
        "10.1.2.3:80",
        "[::1]:5820",
        "[fe80::1]",
        "localhost",
        "LOCALHOST:5820",
        "localhost.",
        "fake-host",
        "selvedge:5820",
        "kv_1",
        "app.localhost:3000",
        "host.docker.internal:5820",
        "kv.default.svc",
        "kv.default.svc.cluster.local:5820",
        "kv.default.svc.cluster.local."
      })
  void acceptsNamesOfThisMachineAndOfPrivateNetworks(String host) throws Exception {
    assertThat(server.ask("GET " + VALUE, "Host: " + host).body().utf8()).isEqualTo("value");
  }

  @Test
  void checksTheNameOfEveryRequestOfAConnection() throws Exception {
    try (var client = new RawClient(server.address())) {
      for (int i = 0; i < 3; i++) {
        client.send(OpenServer.head("GET " + VALUE, LOCAL));
        assertThat(client.receive().body().utf8()).isEqualTo("value");
        client.send(OpenServer.head("GET " + VALUE, "Host: evil.example"));
        assertThat(client.receive().status()).isEqualTo(403);
        client.send(OpenServer.head("GET http://evil.example" + VALUE, LOCAL));
        assertThat(client.receive().status()).isEqualTo(403);
      }
    }
  }

  @Test
  void checksTheNameOnHttp2() throws Exception {
    try (var client = new RawHttp2Client(server.address())) {
      for (int i = 0; i < 2; i++) {
        int mine = client.request("GET", VALUE, "selvedge:5820");
        assertThat(client.receive(RawHttp2Client.DATA, mine).payload().utf8()).isEqualTo("value");
        int theirs = client.request("GET", VALUE, "evil.example");
        assertThat(client.receive(RawHttp2Client.DATA, theirs).payload().utf8())
            .contains("does not accept the host \"evil.example\"");
      }
    }
  }

  @Test
  void probesAcceptAnyName() throws Exception {
    assertThat(server.ask("GET /livez", "Host: evil.example").status()).isEqualTo(200);
    assertThat(server.ask("GET /readyz", "Host: evil.example", "Via: 1.1 x").status())
        .isEqualTo(200);
    try (var client = new RawClient(server.address())) {
      client.send("GET /livez HTTP/1.0\r\n\r\n");
      assertThat(client.receive().status()).isEqualTo(200);
    }
    try (var client = new RawClient(server.address())) {
      client.send("GET " + VALUE + " HTTP/1.0\r\n\r\n");
      assertThat(client.receive().status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none-of-these"})
  void refusesAFormOfAnotherSite(String site) throws Exception {
    String page = "Sec-Fetch-Site: " + site;

    assertThat(server.send("PUT " + VALUE, "stolen", LOCAL, page).status()).isEqualTo(403);
    assertThat(server.send("POST /v1/namespaces/shop/bulk", "x", LOCAL, page).status())
        .isEqualTo(403);
    assertThat(server.send("POST " + NAMESPACES, "{\"title\":\"t\"}", LOCAL, page).status())
        .isEqualTo(403);
    assertThat(server.send("POST " + NAMESPACES, "x".repeat(100_000), LOCAL, page).status())
        .isEqualTo(403);
    assertThat(server.ask("DELETE /v1/namespaces/shop/keys?all=true", LOCAL, page).status())
        .isEqualTo(403);
    assertThat(server.ask("GET " + VALUE, LOCAL, page).status()).isEqualTo(403);
    assertThat(server.ask("GET " + VALUE, LOCAL).body().utf8()).isEqualTo("value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "https://evil.example",
        "http://127.0.0.1:8787",
        "http://127.0.0.1",
        "http://localhost:5820",
        "http://127.0.0.1:5820.evil.example",
        "file://",
        "127.0.0.1:5820"
      })
  void refusesAPageOfAnotherOriginWithoutFetchMetadata(String origin) throws Exception {
    String page = "Origin: " + origin;

    assertThat(server.send("PUT " + VALUE, "stolen", LOCAL, page).status()).isEqualTo(403);
    assertThat(server.send("POST /v1/tokens", "{\"grant\":\"admin\"}", LOCAL, page).status())
        .isEqualTo(403);
    assertThat(server.ask("OPTIONS " + VALUE, LOCAL, page, "Access-Control-Request-Method: PUT"))
        .satisfies(
            answer -> {
              assertThat(answer.status()).isEqualTo(403);
              assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
            });
    assertThat(server.ask("GET " + VALUE, LOCAL).body().utf8()).isEqualTo("value");
  }

  @Test
  void acceptsPagesOfThisServerAndTypedAddresses() throws Exception {
    assertThat(server.ask("GET " + VALUE, LOCAL, "Sec-Fetch-Site: same-origin").status())
        .isEqualTo(200);
    assertThat(server.ask("GET " + VALUE, LOCAL, "Sec-Fetch-Site: none").status()).isEqualTo(200);
    assertThat(server.ask("GET " + VALUE, LOCAL, "Origin: http://127.0.0.1:5820").status())
        .isEqualTo(200);
    assertThat(server.ask("GET " + VALUE, LOCAL, "Origin: https://127.0.0.1:5820").status())
        .isEqualTo(200);
    assertThat(server.ask("GET " + VALUE, "Host: selvedge", "Origin: https://selvedge").status())
        .isEqualTo(200);
    String link = "Sec-Fetch-Site: cross-site";
    assertThat(server.ask("GET /", LOCAL, link, "Sec-Fetch-Mode: navigate").status())
        .isEqualTo(200);
    assertThat(server.ask("GET " + VALUE, LOCAL, link, "Sec-Fetch-Mode: navigate").status())
        .isEqualTo(403);
    assertThat(server.ask("GET /", LOCAL, link, "Sec-Fetch-Mode: no-cors").status()).isEqualTo(403);
  }
}
