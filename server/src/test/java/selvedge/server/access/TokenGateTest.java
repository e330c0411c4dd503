package selvedge.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

final class TokenGateTest {
  private static final AccountId MINE = new AccountId("a".repeat(32));
  private static final AccountId YOURS = new AccountId("b".repeat(32));
  private static final NamespaceId ONE = new NamespaceId("1".repeat(32));
  private static final NamespaceId TWO = new NamespaceId("2".repeat(32));

  private static final String FIRST = "the-first-root-token-which-is-long";
  private static final String SECOND = "the-second-root-token-which-is-long";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock);
  private final Namespace system = namespaces.open(namespaces.create(MINE, "system").id());
  private final Tokens tokens = tokens();
  private final TokenGate gate = new TokenGate(tokens, Openness.UNTIL_GUARDED, "local");

  private Tokens tokens() {
    return new Tokens(system, Limits.of(Profile.OPEN), clock, new Random(3));
  }

  private record Headers(Map<String, String> fields) implements Request {
    @Override
    public List<Response.Header> headers() {
      return fields.entrySet().stream()
          .map(field -> new Response.Header(field.getKey(), field.getValue()))
          .toList();
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public String query() {
      return "";
    }

    @Override
    public Optional<String> header(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    @Override
    public OptionalLong contentLength() {
      return OptionalLong.of(0);
    }

    @Override
    public InputStream body() {
      return InputStream.nullInputStream();
    }
  }

  private Admission admit(String name, String value) {
    return gate.admit(new Headers(Map.of(name, value)));
  }

  private String secret(Grant.Scope scope, Right right) {
    return tokens.create("test", new Grant(scope, right), Expiry.NEVER).secret();
  }

  private Caller caller(String secret) {
    Admission admission = admit("Authorization", "Bearer " + secret);
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    return ((Admission.Admitted) admission).caller();
  }

  private static Admission refused(Refusal reason) {
    return new Admission.Refused(reason);
  }

  @Test
  void isOpenUntilTheFirstTokenIsCreated() {
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.admit(new Headers(Map.of()))).isInstanceOf(Admission.Admitted.class);

    secret(new Grant.Everywhere(), Right.READ);

    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.admit(new Headers(Map.of()))).isEqualTo(refused(Refusal.NO_CREDENTIALS));
  }

  @Test
  void onlyTheLocalSecretMayOperateAnOpenServer() {
    assertThat(caller("any").mayOperate()).isFalse();
    assertThat(caller("locak").mayOperate()).isFalse();
    assertThat(caller("local").mayOperate()).isTrue();
    assertThat(caller("local").mayEverywhere(Right.ADMIN)).isTrue();
  }

  @Test
  void isNeverOpenWithTheRuleNever() {
    var closed = new TokenGate(tokens, Openness.NEVER, "local");

    assertThat(closed.admit(new Headers(Map.of()))).isEqualTo(refused(Refusal.NO_CREDENTIALS));
  }

  @Test
  void distinguishesMalformedFromUnknownCredentials() {
    secret(new Grant.Everywhere(), Right.READ);

    assertThat(admit("Authorization", "Basic x"))
        .isEqualTo(refused(Refusal.MALFORMED_AUTHORIZATION));
    assertThat(admit("Authorization", "Bearer "))
        .isEqualTo(refused(Refusal.MALFORMED_AUTHORIZATION));
    assertThat(admit("Authorization", "Bearer unknown")).isEqualTo(refused(Refusal.UNKNOWN_TOKEN));
    assertThat(admit("X-Auth-Key", "a b")).isEqualTo(refused(Refusal.MALFORMED_KEY));
    assertThat(admit("X-Auth-User-Service-Key", "v1.0-x")).isEqualTo(refused(Refusal.UNKNOWN_KEY));
  }

  @Test
  void acceptsATokenInEachOfTheHeaders() {
    String secret = secret(new Grant.Everywhere(), Right.READ);

    assertThat(caller(secret).mayEverywhere(Right.READ)).isTrue();
    assertThat(gate.admit(new Headers(Map.of("X-Auth-Key", secret, "X-Auth-Email", "a@b.c"))))
        .isInstanceOf(Admission.Admitted.class);
    assertThat(admit("X-Auth-User-Service-Key", secret)).isInstanceOf(Admission.Admitted.class);
    assertThat(admit("Authorization", "bearer local")).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void aCachedHeaderIsRefusedAfterItsTokenIsRevoked() {
    var made =
        tokens.create(
            "n",
            new Grant(new Grant.Everywhere(), Right.READ),
            Expiry.after(Duration.ofMinutes(1), clock.instant()));
    var other = tokens.create("m", new Grant(new Grant.Everywhere(), Right.READ), Expiry.NEVER);
    Request again = new Headers(Map.of("Authorization", "Bearer " + made.secret()));
    Request revoked = new Headers(Map.of("Authorization", "Bearer " + other.secret()));
    for (int i = 0; i < 3; i++) {
      assertThat(gate.admit(again)).isEqualTo(new Admission.Admitted(made.token()));
      assertThat(gate.admit(revoked)).isEqualTo(new Admission.Admitted(other.token()));
    }
    tokens.revoke(other.token().id());
    clock.advance(Duration.ofMinutes(1));
    assertThat(gate.admit(again)).isEqualTo(refused(Refusal.UNKNOWN_TOKEN));
    assertThat(gate.admit(revoked)).isEqualTo(refused(Refusal.UNKNOWN_TOKEN));
  }

  @Test
  void aGrantIsLimitedToItsScope() {
    Caller account = caller(secret(new Grant.InAccount(MINE), Right.WRITE));
    Caller namespace = caller(secret(new Grant.InNamespace(MINE, ONE), Right.READ));

    assertThat(account.may(Right.WRITE, MINE, ONE)).isTrue();
    assertThat(account.may(Right.ADMIN, MINE)).isFalse();
    assertThat(account.may(Right.READ, YOURS, ONE)).isFalse();
    assertThat(account.hasRightIn(YOURS)).isFalse();
    assertThat(account.account()).contains(MINE);
    assertThat(namespace.may(Right.READ, MINE, ONE)).isTrue();
    assertThat(namespace.may(Right.READ, MINE, TWO)).isFalse();
    assertThat(namespace.may(Right.WRITE, MINE, ONE)).isFalse();
    assertThat(namespace.may(Right.READ, MINE)).isFalse();
    assertThat(namespace.mayEverywhere(Right.READ)).isFalse();
  }

  @Test
  void refusesATokenAfterItsExpiryOrItsRevocation() {
    Expiry soon = Expiry.after(Duration.ofHours(1), clock.instant());
    var grant = new Grant(new Grant.Everywhere(), Right.ADMIN);
    String brief = tokens.create("brief", grant, soon).secret();
    Tokens.Created revoked = tokens.create("revoked", grant, Expiry.NEVER);

    clock.advance(Duration.ofHours(1));
    tokens.revoke(revoked.token().id());

    assertThat(admit("Authorization", "Bearer " + brief)).isEqualTo(refused(Refusal.UNKNOWN_TOKEN));
    assertThat(admit("Authorization", "Bearer " + revoked.secret()))
        .isEqualTo(refused(Refusal.UNKNOWN_TOKEN));
    assertThat(tokens.revoke("unknown")).isFalse();
  }

  @Test
  void aRootTokenReplacesThePreviousOne() {
    tokens.root(FIRST);
    tokens.root(SECOND);

    assertThat(tokens.list()).hasSize(1);
    assertThat(caller(SECOND).mayEverywhere(Right.ADMIN)).isTrue();
    assertThat(tokens.find(FIRST)).isEmpty();
  }

  @Test
  void storesDigestsOfSecretsThatAreValidAfterARestart() {
    String secret = secret(new Grant.InNamespace(MINE, ONE), Right.READ);
    tokens.root(FIRST);

    for (Listed listed : system.list(Listing.all(100)).entries()) {
      if (system.get(listed.key()) instanceof Lookup.Found found) {
        Bytes stored = found.entry().value().bytes();
        assertThat(stored.utf8()).doesNotContain(secret).doesNotContain(FIRST);
      }
    }
    assertThat(tokens().find(secret)).isPresent().isEqualTo(tokens.find(secret));
    assertThat(secret.length()).isGreaterThanOrEqualTo(40);
  }

  @Test
  void aGeneratedSecretHas256RandomBits() {
    String secret = secret(new Grant.Everywhere(), Right.READ);

    String random = secret.substring("selvedge_".length());
    assertThat(Base64.getUrlDecoder().decode(random)).hasSize(32);
  }

  @Test
  void refusesAShortRootTokenAndSuggestsAGeneratedOne() {
    assertThatThrownBy(() -> tokens.root("short"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at least 32 characters, got 5")
        .hasMessageContaining("selvedge_");

    assertThat(tokens.list()).isEmpty();
  }

  @Test
  void acceptsAShortRootTokenThatIsAlreadyStored() {
    var everywhere = new Grant(new Grant.Everywhere(), Right.ADMIN);
    Bytes digest = tokens.digest("short");
    var stored = new Token(Tokens.ROOT, "root", digest, everywhere, clock.instant(), Expiry.NEVER);
    system.put(Key.of("token/root"), TokenCodec.encode(stored), WriteOptions.PLAIN);
    Tokens reopened = tokens();

    reopened.root("short");

    assertThat(reopened.find("short")).contains(stored);
  }

  @Test
  void replicateAllowsAllReadsAndNoWrites() {
    Caller edge = caller(secret(new Grant.Everywhere(), Right.REPLICATE));

    assertThat(edge.mayEverywhere(Right.REPLICATE)).isTrue();
    assertThat(edge.may(Right.READ, MINE, ONE)).isTrue();
    assertThat(edge.may(Right.WRITE, MINE, ONE)).isFalse();
    assertThat(edge.mayEverywhere(Right.ADMIN)).isFalse();
    Caller writer = caller(secret(new Grant.Everywhere(), Right.WRITE));
    assertThat(writer.mayEverywhere(Right.REPLICATE)).isFalse();
    assertThatThrownBy(() -> new Grant(new Grant.InAccount(MINE), Right.REPLICATE))
        .hasMessageContaining("the grant replicate requires the account all");
  }

  @Test
  void storesTokensThatOlderVersionsWouldMisreadUnderAnotherPrefix() {
    Tokens.Created edge =
        tokens.create("", new Grant(new Grant.Everywhere(), Right.REPLICATE), Expiry.NEVER);
    Tokens.Created reader =
        tokens.create("", new Grant(new Grant.Everywhere(), Right.READ), Expiry.NEVER);

    var part = new Grant.InPart(MINE, ONE, Bytes.utf8("a/ä"));
    Tokens.Created some = tokens.create("", new Grant(part, Right.READ), Expiry.NEVER);

    assertThat(keys("token/")).containsExactly("token/" + reader.token().id());
    assertThat(tokens().find(some.secret())).contains(some.token());
    assertThat(tokens().find(edge.secret())).contains(edge.token());
    assertThat(tokens.revoke(edge.token().id())).isTrue();
    assertThat(tokens().find(edge.secret())).isEmpty();
  }

  @Test
  void aPrefixGrantDoesNotIncludeTheNamespace() {
    Caller part = caller(secret(new Grant.InPart(MINE, ONE, Bytes.utf8("a/")), Right.WRITE));

    assertThat(part.may(Right.READ, MINE, ONE)).isFalse();
    assertThat(part.keys(Right.READ, MINE, ONE)).contains(Bytes.utf8("a/"));
    assertThat(part.keys(Right.ADMIN, MINE, ONE)).isEmpty();
    assertThat(part.may(Right.READ, MINE)).isFalse();
    assertThat(part.mayEverywhere(Right.READ)).isFalse();
    assertThat(part.hasRightIn(MINE)).isTrue();
  }

  @Test
  void aRotatedTokenStaysValidForTheOverlap() {
    var part = new Grant(new Grant.InPart(MINE, ONE, Bytes.utf8("a/")), Right.READ);
    Tokens.Created old = tokens.create("ci", part, Expiry.NEVER);

    Tokens.Created next = tokens.rotate(old.token().id(), Duration.ofHours(1)).orElseThrow();

    assertThat(next.token().grant()).isEqualTo(part);
    assertThat(next.token().name()).isEqualTo("ci");
    assertThat(tokens.find(old.secret())).isPresent();
    clock.advance(Duration.ofHours(1));
    assertThat(tokens.find(old.secret())).isEmpty();
    assertThat(tokens.find(next.secret())).contains(next.token());
    assertThat(tokens.rotate("none", Duration.ZERO)).isEmpty();
  }

  @Test
  void rotationWithoutOverlapRevokesTheOldTokenAndKeepsAnEarlierExpiry() {
    var everywhere = new Grant(new Grant.Everywhere(), Right.READ);
    Tokens.Created old =
        tokens.create("", everywhere, Expiry.after(Duration.ofMinutes(5), clock.instant()));

    Tokens.Created next = tokens.rotate(old.token().id(), Duration.ofHours(1)).orElseThrow();
    Tokens.Created last = tokens.rotate(next.token().id(), Duration.ZERO).orElseThrow();

    assertThat(tokens.find(next.secret())).isEmpty();
    assertThat(tokens.find(old.secret())).contains(old.token());
    clock.advance(Duration.ofMinutes(5));
    assertThat(tokens.find(old.secret())).isEmpty();
    assertThat(tokens.find(last.secret())).isEmpty();
  }

  @Test
  void theLastUseOfATokenIsCollectedAndKept(@TempDir Path data) {
    Tokens.Created one =
        tokens.create("", new Grant(new Grant.Everywhere(), Right.READ), Expiry.NEVER);
    String id = one.token().id();
    var use = new TokenUse(gate, tokens, data, clock);

    assertThat(use.last(id)).isEmpty();
    assertThat(caller(one.secret()).tokenId()).isEqualTo(id);
    assertThat(use.last(id)).contains(clock.instant());
    Instant first = clock.instant();
    clock.advance(Duration.ofHours(1));
    assertThat(use.last(id)).as("last use without a later request").contains(first);
    assertThat(caller(one.secret()).tokenId()).as("id of the cached token").isEqualTo(id);
    use.step();
    Instant last = clock.instant();
    clock.advance(Duration.ofHours(1));
    assertThat(new TokenUse(gate, tokens, data, clock).last(id)).contains(last);
    tokens.revoke(id);
    use.store();
    assertThat(new TokenUse(gate, tokens, data, clock).last(id)).isEmpty();
  }

  private List<String> keys(String prefix) {
    return system.list(Listing.prefix(prefix, 100)).entries().stream()
        .map(listed -> listed.key().name())
        .toList();
  }
}
