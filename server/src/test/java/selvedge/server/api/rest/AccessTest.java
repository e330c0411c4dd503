package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.NamespaceId;
import selvedge.server.access.Admission;
import selvedge.server.access.Grant;
import selvedge.server.access.Refusal;
import selvedge.server.access.Right;
import selvedge.server.access.Token;
import selvedge.server.api.Answer;
import selvedge.server.api.TestRequest;

/** Rights of tokens, and the responses to requests without them. */
final class AccessTest {
  private static final String FORBIDDEN = "Authentication error";

  @TempDir private Path spool;
  private RestFixture open;
  private NamespaceId other;

  @BeforeEach
  void start() {
    open = new RestFixture(spool);
    other = open.memory.create(RestFixture.ACCOUNT, "other").id();
    open.put(open.value("k"), "1").ok();
  }

  private RestFixture as(Grant.Scope scope, Right right) {
    var token =
        new Token("tid", "test", Bytes.EMPTY, new Grant(scope, right), Instant.EPOCH, Expiry.NEVER);
    return open.guarded(spool, _ -> new Admission.Admitted(token));
  }

  private RestFixture inAccount(Right right) {
    return as(new Grant.InAccount(RestFixture.ACCOUNT), right);
  }

  private RestFixture inNamespace(Right right) {
    return as(new Grant.InNamespace(RestFixture.ACCOUNT, open.id), right);
  }

  @ParameterizedTest
  @CsvSource({
    "NO_CREDENTIALS,400,9106,Authentication failed (status: 400),",
    "MALFORMED_AUTHORIZATION,400,6003,Invalid request headers,6111",
    "MALFORMED_KEY,400,6003,Invalid request headers,6103",
    "UNKNOWN_TOKEN,401,10000,Authentication error,",
    "UNKNOWN_KEY,403,9103,Unknown X-Auth-Key or X-Auth-Email,"
  })
  void eachRefusalHasItsCode(Refusal refusal, int status, int code, String message, String chain) {
    RestFixture rest = open.guarded(spool, _ -> new Admission.Refused(refusal));

    for (String path :
        List.of(
            rest.path(),
            rest.value("k"),
            RestFixture.NAMESPACES,
            "/client/v4/user",
            "/client/v4/accounts",
            "/client/v4/memberships")) {
      Answer answer = rest.get(path).fails(status, code, message);
      if (chain != null) {
        assertThat(answer.json().get("errors").get(0).get("error_chain").get(0).get("code"))
            .hasToString(chain);
      }
    }
    assertThat(rest.sendNow(new TestRequest("GET", rest.value("k")))).isEmpty();
  }

  @Test
  void checksTheFormOfTheAccountBeforeTheToken() {
    RestFixture rest = open.guarded(spool, _ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));
    String path = "/client/v4/accounts/invalid/storage/kv/namespaces";

    rest.get(path)
        .fails(
            404,
            7003,
            "Could not route to " + path + ", perhaps your object identifier is invalid?");
  }

  @Test
  void checksTheTokenBeforeTheNamespace() {
    RestFixture rest = open.guarded(spool, _ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));

    rest.get(RestFixture.NAMESPACES + "/no-id/keys").fails(401, 10000, FORBIDDEN);
  }

  @Test
  void anotherAccountIsForbiddenWhetherItExistsOrNot() {
    RestFixture rest = as(new Grant.InAccount(RestFixture.OTHER), Right.ADMIN);

    String real = rest.get(RestFixture.NAMESPACES).fails(403, 10000, FORBIDDEN).text();
    String unreal =
        rest.get(RestFixture.NAMESPACES.replace(RestFixture.ACCOUNT.hex(), "a".repeat(32))).text();
    assertThat(real).isEqualTo(unreal);
    assertThat(rest.get(rest.value("k")).text()).isEqualTo(real);
    assertThat(rest.sendNow(new TestRequest("GET", rest.value("k")))).isEmpty();
  }

  @Test
  void aReaderMayReadAndChangeNothing() {
    RestFixture rest = inAccount(Right.READ);

    assertThat(rest.get(rest.value("k")).text()).isEqualTo("1");
    assertThat(rest.names("")).containsExactly("k");
    rest.get(rest.metadata("k")).ok();
    rest.get(rest.path()).ok();
    rest.get(RestFixture.NAMESPACES).ok();
    rest.post(rest.bulk("/get"), "{\"keys\":[\"k\"]}").ok();

    rest.put(rest.value("k"), "2").fails(403, 10000, FORBIDDEN);
    rest.delete(rest.value("k")).fails(403, 10000, FORBIDDEN);
    rest.put(rest.bulk(""), "[]").fails(403, 10000, FORBIDDEN);
    rest.delete(rest.bulk(""), "[]").fails(403, 10000, FORBIDDEN);
    rest.post(rest.bulk("/delete"), "[]").fails(403, 10000, FORBIDDEN);
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"x\"}").fails(403, 10000, FORBIDDEN);
    rest.put(rest.path(), "{\"title\":\"x\"}").fails(403, 10000, FORBIDDEN);
    rest.delete(rest.path()).fails(403, 10000, FORBIDDEN);
    assertThat(open.get(open.value("k")).text()).isEqualTo("1");
  }

  @Test
  void aWriterMayChangeKeysAndNoNamespaces() {
    RestFixture rest = inAccount(Right.WRITE);

    rest.put(rest.value("k"), "2").ok();
    rest.delete(rest.bulk(""), "[\"k\"]").ok();
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"x\"}").fails(403, 10000, FORBIDDEN);
    rest.put(rest.path(), "{\"title\":\"x\"}").fails(403, 10000, FORBIDDEN);
    rest.delete(rest.path()).fails(403, 10000, FORBIDDEN);
  }

  @Test
  void anAdminMayChangeNamespaces() {
    RestFixture rest = inAccount(Right.ADMIN);

    rest.post(RestFixture.NAMESPACES, "{\"title\":\"x\"}").ok();
    rest.put(rest.path(), "{\"title\":\"y\"}").ok();
    rest.delete(rest.path()).ok();
  }

  @Test
  void aTokenForOneNamespaceCannotDetectOthers() {
    RestFixture rest = inNamespace(Right.WRITE);

    rest.put(rest.value("k"), "2").ok();
    Answer list = rest.get(RestFixture.NAMESPACES).ok();
    assertThat(list.result().size()).isEqualTo(1);
    assertThat(list.info().get("total_count").asInt()).isEqualTo(1);
    String hidden = RestFixture.NAMESPACES + "/" + other;
    String absent = RestFixture.NAMESPACES + "/" + "e".repeat(32);
    for (String tail : List.of("", "/keys", "/values/k", "/metadata/k")) {
      assertThat(rest.get(hidden + tail).text()).isEqualTo(rest.get(absent + tail).text());
      assertThat(rest.get(hidden + tail).code()).isEqualTo(10013);
      assertThat(rest.put(hidden + "/values/k", "1").text())
          .isEqualTo(rest.put(absent + "/values/k", "1").text());
    }
    rest.post(RestFixture.NAMESPACES, "{\"title\":\"x\"}").fails(403, 10000, FORBIDDEN);
  }

  @Test
  void onlyTokensThatMayCreateSeeThatATitleIsTaken() {
    RestFixture rest = inNamespace(Right.ADMIN);

    rest.post(RestFixture.NAMESPACES, "{\"title\":\"other\"}").fails(403, 10000, FORBIDDEN);
  }

  @Test
  void aRenameRevealsNothingAboutTheNamespaceWithTheTitle() {
    RestFixture rest = inNamespace(Right.ADMIN);

    rest.put(rest.path(), "{\"title\":\"other\"}").fails(403, 10000, FORBIDDEN);
    rest.put(rest.path(), "{\"title\":\"free\"}").fails(403, 10000, FORBIDDEN);
  }

  @Test
  void verifiesAValidToken() {
    RestFixture rest = inAccount(Right.READ);

    String answer =
        "{\"success\":true,\"errors\":[],\"messages\":[{\"code\":10000,\"message\":"
            + "\"This API Token is valid and active\",\"type\":null}],"
            + "\"result\":{\"id\":\"tid\",\"status\":\"active\"}}";
    assertThat(rest.get("/client/v4/user/tokens/verify").text()).isEqualTo(answer);
    assertThat(rest.get(verify(RestFixture.ACCOUNT)).text()).isEqualTo(answer);
    rest.get(verify(RestFixture.OTHER)).fails(403, 10000, FORBIDDEN);
  }

  @Test
  void doesNotVerifyAnInvalidToken() {
    RestFixture rest = open.guarded(spool, _ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));

    rest.get("/client/v4/user/tokens/verify").fails(401, 1000, "Invalid API Token");
    rest.get(verify(RestFixture.ACCOUNT)).fails(401, 1000, "Invalid API Token");
  }

  private static String verify(AccountId account) {
    return "/client/v4/accounts/" + account.hex() + "/tokens/verify";
  }

  @Test
  void theUserHasAnInvalidMailAddress() {
    Answer user = inAccount(Right.READ).get("/client/v4/user").ok();

    assertThat(user.result().get("email").asString()).isEqualTo("tid@selvedge.invalid");
  }

  @Test
  void accountsAndMembershipsAgree() {
    open.memory.create(RestFixture.OTHER, "theirs");

    for (RestFixture rest : List.of(open, as(new Grant.Everywhere(), Right.READ))) {
      Answer accounts = rest.get("/client/v4/accounts?page=1").ok();
      Answer memberships = rest.get("/client/v4/memberships?page=1").ok();
      assertThat(accounts.result().size()).isEqualTo(2);
      for (int i = 0; i < 2; i++) {
        assertThat(memberships.result().get(i).get("account")).isEqualTo(accounts.result().get(i));
        assertThat(accounts.result().get(i).get("name").asString()).isNotEmpty();
      }
      assertThat(rest.get("/client/v4/accounts?page=2").ok().result().isEmpty()).isTrue();
    }
  }

  @Test
  void aTokenSeesOnlyItsAccount() {
    open.memory.create(RestFixture.OTHER, "theirs");

    Answer accounts = inNamespace(Right.READ).get("/client/v4/accounts").ok();

    assertThat(accounts.result().size()).isEqualTo(1);
    assertThat(accounts.result().get(0).get("id").asString()).isEqualTo(RestFixture.ACCOUNT.hex());
    assertThat(accounts.info().toString())
        .isEqualTo(
            "{\"page\":1,\"per_page\":1000,\"count\":1,\"total_count\":1,\"total_pages\":1}");
  }

  @Test
  void anAccountCanBeRead() {
    String path = "/client/v4/accounts/" + RestFixture.ACCOUNT;

    assertThat(inNamespace(Right.READ).get(path).ok().result().get("id").asString())
        .isEqualTo(RestFixture.ACCOUNT.hex());
    as(new Grant.InAccount(RestFixture.OTHER), Right.ADMIN).get(path).fails(403, 10000, FORBIDDEN);
    assertThat(open.delete(path).status()).isEqualTo(405);
    assertThat(open.delete("/client/v4/user").status()).isEqualTo(405);
  }
}
