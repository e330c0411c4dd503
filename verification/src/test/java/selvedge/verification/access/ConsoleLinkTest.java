package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.testing.SettableClock;
import selvedge.server.ServerFile;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.Reply;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one-time codes of the links that {@code selvedge console} prints. */
final class ConsoleLinkTest {
  private static final String OWN = "Sec-Fetch-Site: same-origin";
  private static final String CODES = "POST /v1/session/codes";
  private static final String SIGN_IN = "POST /v1/session";
  private static final String TOKENS = "GET /v1/tokens";
  private static final String ROOT = "Authorization: Bearer " + GuardedServer.ROOT;
  private static final int CODES_MAX = 16;
  private static final int WRONG_MAX = 10;

  @TempDir static Path folder;

  private static final SettableClock CLOCK =
      new SettableClock(Instant.parse("2027-01-01T00:00:00Z"));
  private static GuardedServer guarded;
  private static GuardedServer open;
  private static String local = "";

  @BeforeAll
  static void start() {
    guarded = GuardedServer.origin(folder.resolve("guarded"), CLOCK);
    open = GuardedServer.open(folder.resolve("open"), CLOCK);
    String secret = new ServerFile(folder.resolve("open")).read().orElseThrow().secret();
    local = "Authorization: Bearer " + secret;
  }

  @AfterAll
  static void stop() {
    guarded.close();
    open.close();
  }

  /** Wrong codes of one test must not count in the next one. */
  @BeforeEach
  void waitForTheNextMinute() {
    CLOCK.advance(Duration.ofMinutes(2));
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

  private static JsonNode json(RawClient.Answer answer) {
    return JsonMapper.shared().readTree(answer.body().toArray());
  }

  private static String code(GuardedServer at, String credential) throws Exception {
    RawClient.Answer answer = send(at, CODES, "", credential);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().get("cache-control")).isEqualTo("no-store");
    assertThat(json(answer).path("seconds").asInt()).isEqualTo(60);
    return json(answer).path("code").asString();
  }

  private static RawClient.Answer exchange(GuardedServer at, String code, String... headers)
      throws Exception {
    return send(at, SIGN_IN, "{\"code\":\"" + code + "\"}", headers);
  }

  private static String cookie(RawClient.Answer signedIn) {
    String cookie = signedIn.headers().getOrDefault("set-cookie", ";");
    return "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void aCodeSignsABrowserInOnce() throws Exception {
    String code = code(guarded, ROOT);

    RawClient.Answer first = exchange(guarded, code, OWN);
    RawClient.Answer second = exchange(guarded, code, OWN);

    assertThat(code).matches("[A-Za-z0-9_-]{43}");
    assertThat(first.status()).isEqualTo(200);
    assertThat(json(first).path("token").path("id").asString()).isEqualTo("root");
    assertThat(first.headers().get("set-cookie")).contains("HttpOnly", "SameSite=Strict");
    assertThat(send(guarded, TOKENS, "", OWN, cookie(first)).status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(401);
    assertThat(second.headers()).doesNotContainKey("set-cookie");
  }

  @Test
  void aCodeEndsAfterAMinute() throws Exception {
    String late = code(guarded, ROOT);
    CLOCK.advance(Duration.ofSeconds(59));
    String early = code(guarded, ROOT);
    CLOCK.advance(Duration.ofSeconds(1));

    assertThat(exchange(guarded, late, OWN).status()).isEqualTo(401);
    assertThat(exchange(guarded, early, OWN).status()).isEqualTo(200);
  }

  @Test
  void aCodeOfARevokedTokenSignsNobodyIn() throws Exception {
    JsonNode token = guarded.token("{\"grant\":\"admin\"}");
    String code = code(guarded, "Authorization: Bearer " + token.path("secret").asString());

    guarded.revoke(token);

    assertThat(exchange(guarded, code, OWN).status()).isEqualTo(401);
  }

  @Test
  void aPageOfAnotherOriginCannotExchangeACode() throws Exception {
    for (GuardedServer server : List.of(guarded, open)) {
      String code = code(server, server.equals(open) ? local : ROOT);

      for (String sender :
          List.of(
              "Sec-Fetch-Site: cross-site",
              "Sec-Fetch-Site: same-site",
              "Origin: http://127.0.0.1:1",
              "Origin: null")) {
        assertThat(exchange(server, code, sender).status()).as(sender).isEqualTo(403);
        assertThat(send(server, CODES, "", sender).status()).as(sender).isIn(401, 403);
      }

      assertThat(exchange(server, code, OWN).status()).isEqualTo(200);
    }
  }

  @Test
  void wrongCodesEndTheAttemptsOfAnAddressButDoNotLockAnOperatorOut() throws Exception {
    String code = code(guarded, ROOT);
    for (int i = 0; i < WRONG_MAX; i++) {
      assertThat(exchange(guarded, "wrong" + i, OWN).status()).isEqualTo(401);
    }

    RawClient.Answer next = exchange(guarded, "wrong", OWN);

    assertThat(next.status()).isEqualTo(429);
    assertThat(next.headers()).containsKey("retry-after").doesNotContainKey("set-cookie");
    assertThat(exchange(guarded, code, OWN).status())
        .as("sign-in with a right code")
        .isEqualTo(200);
    assertThat(send(guarded, SIGN_IN, "{\"token\":\"" + GuardedServer.ROOT + "\"}", OWN).status())
        .as("sign-in with a token")
        .isEqualTo(200);
    CLOCK.advance(Duration.ofMinutes(1));
    assertThat(exchange(guarded, "wrong", OWN).status()).isEqualTo(401);
  }

  @Test
  void theOldestOfTooManyOpenCodesEnds() throws Exception {
    String oldest = code(guarded, ROOT);
    String second = code(guarded, ROOT);
    for (int i = 1; i < CODES_MAX; i++) {
      code(guarded, ROOT);
    }

    assertThat(exchange(guarded, oldest, OWN).status()).isEqualTo(401);
    assertThat(exchange(guarded, second, OWN).status()).isEqualTo(200);
  }

  @Test
  void onlyAnOperatorGetsACode() throws Exception {
    String reader = guarded.token("{\"grant\":\"read\"}").path("secret").asString();

    assertThat(send(guarded, CODES, "").status()).isEqualTo(401);
    assertThat(send(guarded, CODES, "", "Authorization: Bearer " + reader).status()).isEqualTo(403);
    assertThat(send(open, CODES, "").status()).isEqualTo(403);
    assertThat(send(open, CODES, "", ROOT).status()).isEqualTo(403);
  }

  @Test
  void aCodeOfAnOpenServerStandsForItsLocalSecret() throws Exception {
    RawClient.Answer signedIn = exchange(open, code(open, local), OWN);

    assertThat(json(signedIn).path("operator").asBoolean()).isTrue();
    assertThat(json(signedIn).path("signed_in").asBoolean()).isTrue();
    assertThat(send(open, TOKENS, "", OWN, cookie(signedIn)).status()).isEqualTo(200);
    assertThat(send(open, TOKENS, "", OWN).status()).isEqualTo(403);
    assertThat(send(open, TOKENS, "", "Sec-Fetch-Site: none", cookie(signedIn)).status())
        .as("cookie of a request that no page of the server sends")
        .isEqualTo(403);
    JsonNode session = json(send(open, "GET /v1/session", "", OWN));
    assertThat(session.path("signed_in").asBoolean()).isFalse();
  }

  @Test
  void theAuditHasTheLinkAndTheSignInButNotTheCode() throws Exception {
    String code = code(guarded, ROOT);
    exchange(guarded, code, OWN);
    exchange(guarded, code, OWN);
    assertThat(send(guarded, SIGN_IN + "?code=" + code(guarded, ROOT), "{}", OWN).status())
        .as("code in a query")
        .isEqualTo(400);

    Reply audit = guarded.root().send("GET", "/v1/audit", BodyPublishers.noBody());

    assertThat(audit.body().utf8()).contains("\"operation\":\"console\"").doesNotContain(code);
    assertThat(audit.json().path("acts"))
        .anySatisfy(
            act -> {
              assertThat(act.path("operation").asString()).isEqualTo("sign in");
              assertThat(act.path("status").asInt()).isEqualTo(200);
              assertThat(act.path("actor").asString()).isEqualTo("token root");
            });
  }
}
