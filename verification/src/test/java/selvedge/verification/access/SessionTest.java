package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.testing.SettableClock;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Browsers that sign in with a token, and use the server by a cookie. */
final class SessionTest {
  private static final String OWN = "Sec-Fetch-Site: same-origin";
  private static final String STATUS = "GET /v1/status";

  @TempDir static Path folder;

  private static final SettableClock CLOCK =
      new SettableClock(Instant.parse("2027-01-01T00:00:00Z"));
  private static GuardedServer server;
  private static int namespaces;

  @BeforeAll
  static void start() {
    server = GuardedServer.origin(folder.resolve("origin"), CLOCK);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient.Answer ask(GuardedServer to, String request, String... headers)
      throws Exception {
    return send(to, request, "", headers);
  }

  private static RawClient.Answer send(
      GuardedServer to, String request, String body, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Host: 127.0.0.1:" + to.uri().getPort());
    all.add("Content-Length: " + body.length());
    try (var client = new RawClient(to.address())) {
      client.send(OpenServer.head(request, all.toArray(String[]::new)) + body);
      return client.receive();
    }
  }

  private static RawClient.Answer signIn(String token) throws Exception {
    return send(server, "POST /v1/session", "{\"token\":\"" + token + "\"}", OWN);
  }

  /** Returns the header with which a browser sends the cookie. */
  private static String cookie(RawClient.Answer signedIn) {
    String cookie = signedIn.headers().getOrDefault("set-cookie", ";");
    return "Cookie: theme=dark; " + cookie.substring(0, cookie.indexOf(';'));
  }

  private static JsonNode json(RawClient.Answer answer) {
    return JsonMapper.shared().readTree(answer.body().toArray());
  }

  @Test
  void aCookieStandsForItsToken() throws Exception {
    JsonNode token = server.token("{\"grant\":\"read\",\"name\":\"desk\"}");

    RawClient.Answer signedIn = signIn(token.path("secret").asString());

    assertThat(signedIn.status()).isEqualTo(200);
    assertThat(signedIn.headers().get("set-cookie"))
        .matches("selvedge-[0-9a-f]{16}=[A-Za-z0-9_-]+; Max-Age=43200; Path=/; HttpOnly;.*")
        .contains("SameSite=Strict")
        .doesNotContain("Secure", token.path("secret").asString());
    assertThat(signedIn.body().utf8()).doesNotContain(token.path("secret").asString());
    assertThat(json(signedIn).path("token").path("name").asString()).isEqualTo("desk");
    assertThat(ask(server, STATUS, OWN, cookie(signedIn)).status()).isEqualTo(200);
    assertThat(ask(server, "GET /v1/tokens", OWN, cookie(signedIn)).status()).isEqualTo(403);
    JsonNode session = json(ask(server, "GET /v1/session", OWN, cookie(signedIn)));
    assertThat(session.path("signed_in").asBoolean()).isTrue();
    assertThat(session.path("operator").asBoolean()).isFalse();
    assertThat(session.path("role").asString()).isEqualTo("origin");
  }

  @Test
  void aBrowserThatIsNotSignedInLearnsOnlyThatItMust() throws Exception {
    RawClient.Answer session = ask(server, "GET /v1/session", OWN);

    assertThat(session.body().utf8()).isEqualTo("{\"guarded\":true,\"signed_in\":false}");
    assertThat(session.headers()).doesNotContainKeys("selvedge-as-of", "selvedge-epoch");
    assertThat(signIn("wrong").status()).isEqualTo(401);
    assertThat(signIn("wrong").headers()).doesNotContainKey("set-cookie");
    assertThat(send(server, "POST /v1/session", "token", OWN).status()).isEqualTo(400);
    assertThat(ask(server, STATUS, OWN).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none",
        "Origin: http://127.0.0.1:1",
        "Origin: null",
        "Referer: http://127.0.0.1:1/",
        "Referer: http://evil.example/",
        "User-Agent: none of these"
      })
  void aCookieFromAnotherPageIsIgnored(String sender) throws Exception {
    String cookie = cookie(signIn(GuardedServer.ROOT));
    String namespace = server.root().createNamespace("shop-" + ++namespaces);

    assertThat(ask(server, STATUS, sender, cookie).status()).isIn(401, 403);
    assertThat(
            send(server, "PUT /v1/namespaces/" + namespace + "/values/k", "v", sender, cookie)
                .status())
        .isIn(401, 403);
    assertThat(
            ask(server, "DELETE /v1/namespaces/" + namespace + "/keys?all=true", sender, cookie)
                .status())
        .isIn(401, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: same-origin",
        "Origin: http://127.0.0.1:PORT",
        "Referer: http://127.0.0.1:PORT/"
      })
  void aCookieFromAPageOfTheServerCounts(String sender) throws Exception {
    String cookie = cookie(signIn(GuardedServer.ROOT));
    String own = sender.replace("PORT", Integer.toString(server.uri().getPort()));

    String namespace = server.root().createNamespace("shop-" + ++namespaces);

    assertThat(ask(server, STATUS, own, cookie).status()).isEqualTo(200);
    assertThat(
            send(server, "PUT /v1/namespaces/" + namespace + "/values/k", "v", own, cookie)
                .status())
        .isEqualTo(200);
    assertThat(
            ask(server, "GET /v1/namespaces/" + namespace + "/values/k", own, cookie).body().utf8())
        .isEqualTo("v");
  }

  @Test
  void aCookieEndsWithItsTokenAndWithItsTime() throws Exception {
    JsonNode token = server.token("{\"grant\":\"read\"}");
    String revoked = cookie(signIn(token.path("secret").asString()));
    String old = cookie(signIn(GuardedServer.ROOT));

    server.revoke(token);
    CLOCK.advance(Duration.ofSeconds(43_199));
    assertThat(ask(server, STATUS, OWN, revoked).status()).isEqualTo(401);
    assertThat(ask(server, STATUS, OWN, old).status()).isEqualTo(200);

    CLOCK.advance(Duration.ofSeconds(1));
    assertThat(ask(server, STATUS, OWN, old).status()).isEqualTo(401);
  }

  @Test
  void aChangedCookieIsIgnored() throws Exception {
    String cookie = cookie(signIn(GuardedServer.ROOT));
    char last = cookie.charAt(cookie.length() - 2);
    String changed =
        cookie.substring(0, cookie.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + cookie.charAt(cookie.length() - 1);

    assertThat(ask(server, STATUS, OWN, changed).status()).isEqualTo(401);
    assertThat(ask(server, STATUS, OWN, cookie.replace("selvedge-", "other-")).status())
        .isEqualTo(401);
    assertThat(ask(server, STATUS, OWN, cookie.substring(0, cookie.indexOf('=') + 1)).status())
        .isEqualTo(401);
  }

  @Test
  void aFeedThatRunsByACookieEndsWithItsToken() throws Exception {
    JsonNode token = server.token("{\"grant\":\"read\"}");
    String cookie = cookie(signIn(token.path("secret").asString()));
    try (var client = new RawClient(server.address())) {
      client.send(
          OpenServer.head(
              "GET /v1/feed", "Host: 127.0.0.1:" + server.uri().getPort(), OWN, cookie));
      assertThat(client.startOfBody()).contains("heartbeat");

      server.revoke(token);

      assertThat(client.readToEnd()).isNotNegative();
    }
  }

  @Test
  void aSignOutDeletesTheCookie() throws Exception {
    RawClient.Answer out = ask(server, "DELETE /v1/session", OWN, cookie(signIn("wrong", server)));

    assertThat(out.status()).isEqualTo(204);
    assertThat(out.headers().get("set-cookie"))
        .matches("selvedge-[0-9a-f]{16}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict");
  }

  private RawClient.Answer signIn(String otherwise, GuardedServer at) throws Exception {
    assertThat(signIn(otherwise).status()).isEqualTo(401);
    return send(at, "POST /v1/session", "{\"token\":\"" + GuardedServer.ROOT + "\"}", OWN);
  }

  @Test
  void everyServerOfTheClusterOpensTheCookie() throws Exception {
    String secret = server.token("{\"grant\":\"replicate\"}").path("secret").asString();
    String namespace = server.root().createNamespace("shop-" + ++namespaces);
    server.root().put(namespace, "k", Bytes.utf8("v")).ok();
    String cookie = cookie(signIn(GuardedServer.ROOT));
    try (GuardedServer edge =
        GuardedServer.edge(folder.resolve("edge"), CLOCK, server.uri(), secret)) {
      Polling.await(
          "the edge has the key",
          () -> edge.status(RestClient.value(namespace, "k"), GuardedServer.ROOT) == 200);

      assertThat(ask(edge, "GET /v1/namespaces/" + namespace + "/values/k", OWN, cookie).status())
          .isEqualTo(200);
      assertThat(
              send(edge, "PUT /v1/namespaces/" + namespace + "/values/k", "w", OWN, cookie)
                  .status())
          .as("a write that the edge forwards")
          .isEqualTo(200);
      String there =
          cookie(send(edge, "POST /v1/session", "{\"token\":\"" + GuardedServer.ROOT + "\"}", OWN));
      assertThat(ask(server, STATUS, OWN, there).status()).isEqualTo(200);
    }
  }

  @Test
  void aServerWithoutTokensNeedsNoSignIn() throws Exception {
    try (GuardedServer open = GuardedServer.open(folder.resolve("open"), CLOCK)) {
      JsonNode session = json(ask(open, "GET /v1/session", OWN));

      assertThat(session.path("guarded").asBoolean()).isFalse();
      assertThat(session.path("operator").asBoolean()).isFalse();
      assertThat(session.path("account").asString()).hasSize(32);
      assertThat(send(open, "POST /v1/session", "{\"token\":\"x\"}", OWN).status()).isEqualTo(400);
      assertThat(ask(open, STATUS, OWN, "Cookie: selvedge-x=y").status()).isEqualTo(200);
    }
  }
}
