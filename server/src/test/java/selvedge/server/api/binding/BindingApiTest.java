package selvedge.server.api.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.access.Admission;
import selvedge.server.access.Gate;
import selvedge.server.access.OpenCaller;
import selvedge.server.access.Refusal;
import selvedge.server.api.Answer;
import selvedge.server.api.BrokenStream;
import selvedge.server.api.DirectSubmit;
import selvedge.server.api.TestRequest;
import selvedge.server.api.Zeros;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.quota.Allowance;

final class BindingApiTest {
  private static final AccountId ACCOUNT = new AccountId("023e105f4ecef8ad9ca31a8372d0c353");
  private static final AccountId OTHER = new AccountId("ffffffffffffffffffffffffffffffff");
  private static final Gate OPEN = _ -> new Admission.Admitted(new OpenCaller(true));

  @TempDir Path spool;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-21T12:00:00.250Z"));
  private final Limits limits = Limits.of(Profile.OPEN).with(Limit.VALUE_BYTES, 1000);
  private final MemoryNamespaces memory = new MemoryNamespaces(clock, limits);
  private final NamespaceId id = memory.create(ACCOUNT, "things & more").id();
  private final Namespace namespace = memory.open(id);
  private ApiRouter api = new ApiRouter(List.of());

  @BeforeEach
  void open() {
    api = api(OPEN);
  }

  private ApiRouter api(Gate gate) {
    return new ApiRouter(
        List.of(
            new BindingApi(
                new ProtocolContext(
                    memory,
                    (namespaceId, key) -> Optional.of(memory.open(namespaceId).get(key)),
                    new DirectSubmit(memory),
                    gate,
                    Allowance.UNLIMITED,
                    limits,
                    clock,
                    new Spools(spool, () -> Long.MAX_VALUE, limits),
                    ACCOUNT))));
  }

  private Answer send(TestRequest request) {
    return Answer.of(api.answer(request.with("CF-KV-Namespace-Id", id.hex())));
  }

  private Answer get(String target) {
    return send(new TestRequest("GET", target));
  }

  private static String phrase(Answer answer) {
    return answer.status() + " " + answer.response().reason();
  }

  @Test
  void anyPathIsAKeyWhenTheHeaderNamesTheNamespace() {
    for (String path : List.of("/client%2Fv4", "/v1", "/v1/feed", "/livez", "/kv", "/kv/x/y")) {
      assertThat(send(new TestRequest("PUT", path + "?urlencoded=true").body(path)).status())
          .isEqualTo(200);
      assertThat(get(path + "?urlencoded=true").text()).isEqualTo(path);
    }
    assertThat(namespace.get(Key.of("client/v4"))).isInstanceOf(Lookup.Found.class);
    assertThat(namespace.get(Key.of("kv/x/y"))).isInstanceOf(Lookup.Found.class);
  }

  @Test
  void thePathNamesTheNamespaceByIdOrTitle() {
    namespace.put(Key.of("a/b"), Bytes.utf8("v"), WriteOptions.PLAIN);

    for (String name : List.of(id.hex(), "things%20&%20more")) {
      var request = new TestRequest("GET", "/kv/" + name + "/a%2Fb?urlencoded=true");
      assertThat(Answer.of(api.answer(request)).text()).isEqualTo("v");
      for (String list : List.of("/kv/" + name, "/kv/" + name + "/?prefix=a")) {
        assertThat(Answer.of(api.answer(new TestRequest("GET", list))).text())
            .isEqualTo("{\"keys\":[{\"name\":\"a/b\"}],\"list_complete\":true}");
      }
    }
  }

  @Test
  void otherPathsAreNotOfTheBinding() {
    assertThat(Answer.of(api.answer(new TestRequest("GET", "/kvx/y"))).text())
        .contains("there is nothing at /kvx/y");
  }

  @Test
  void aTitleOfAnotherAccountIsNotFound() {
    memory.create(OTHER, "theirs");

    Answer answer =
        Answer.of(api.answer(new TestRequest("GET", "/k").with("CF-KV-Namespace-Id", "theirs")));

    assertThat(phrase(answer))
        .isEqualTo("400 There is no namespace with the id or title \"theirs\"");
  }

  @Test
  void answersAValueInMemoryOnTheLoop() {
    namespace.put(
        Key.of("k"), Bytes.utf8("v"), WriteOptions.PLAIN.metadata(metadata("{\"a\":\"é\"}")));

    Answer now =
        Answer.now(
                api.answerNow(
                    new TestRequest("GET", "/k?urlencoded=true&cache_ttl=60")
                        .with("CF-KV-Namespace-Id", id.hex())))
            .orElseThrow();

    assertThat(now.text()).isEqualTo("v");
    assertThat(now.header("CF-KV-Metadata")).contains("{\"a\":\"é\"}");
    assertThat(now.header("CF-Cache-Status")).contains("HIT");
    assertThat(now.header("Selvedge-Version")).isPresent();
  }

  @Test
  void answersAMissingKeyOnTheLoop() {
    Answer now =
        Answer.now(
                api.answerNow(
                    new TestRequest("GET", "/missing").with("CF-KV-Namespace-Id", id.hex())))
            .orElseThrow();

    assertThat(now.status()).isEqualTo(404);
    assertThat(now.header("CF-Cache-Status")).contains("HIT");
  }

  private static Metadata metadata(String json) {
    return Metadata.json(json);
  }

  @Test
  void otherRequestsNeedAThread() {
    for (TestRequest request :
        List.of(
            new TestRequest("GET", "/"),
            new TestRequest("GET", "/k?cache_ttl=1"),
            new TestRequest("GET", "/%zz"),
            new TestRequest("PUT", "/k"))) {
      assertThat(api.answerNow(request.with("CF-KV-Namespace-Id", id.hex()))).isEmpty();
    }
  }

  @Test
  void aMissingKeyIs404WithoutABody() {
    Answer answer = get("/missing");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("CF-Cache-Status")).contains("MISS");
  }

  @Test
  void theExpiryIsShownInSecondsRoundedUp() {
    send(new TestRequest("PUT", "/k?urlencoded=true&expiration_ttl=60").body("v")).text();

    assertThat(get("/k").header("CF-Expiration"))
        .contains(Long.toString(clock.instant().getEpochSecond() + 61));
  }

  @Test
  void refusesMetadataThatIsNotJson() {
    Answer answer = send(new TestRequest("PUT", "/k").with("CF-KV-Metadata", "{").body("v"));

    assertThat(phrase(answer)).isEqualTo("400 metadata must be valid json");
    assertThat(namespace.get(Key.of("k"))).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void readsATooLongValueToItsEnd() {
    assertThat(phrase(send(new TestRequest("PUT", "/k").body("x".repeat(1001)))))
        .isEqualTo("413 Value length of 1001 exceeds limit of 1000.");
    assertThat(phrase(send(new TestRequest("PUT", "/k").chunked(new Zeros(3000)))))
        .isEqualTo("413 Value length of 3000 exceeds limit of 1000.");
  }

  @Test
  void anIncompleteBodyChangesNothing() {
    var broken = new SequenceInputStream(Bytes.utf8("half").open(), new BrokenStream(0));

    assertThat(send(new TestRequest("PUT", "/k").chunked(broken)).status()).isEqualTo(408);
    assertThat(namespace.get(Key.of("k"))).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void supportsConditions() {
    String version =
        send(new TestRequest("PUT", "/k").with("If-None-Match", "*").body("1"))
            .header("ETag")
            .orElseThrow();

    Answer second = send(new TestRequest("PUT", "/k").with("If-None-Match", "*").body("2"));
    assertThat(phrase(second)).isEqualTo("412 Precondition Failed");
    assertThat(second.header("ETag")).contains(version);
    assertThat(send(new TestRequest("PUT", "/k").with("If-Match", version).body("3")).status())
        .isEqualTo(200);
    assertThat(send(new TestRequest("DELETE", "/k").with("If-Match", version)).status())
        .isEqualTo(412);
    assertThat(get("/k").text()).isEqualTo("3");
  }

  @Test
  void aBulkGetRequiresAnObjectOfKeys() {
    assertThat(send(new TestRequest("POST", "/bulk/get").body("[]")).status()).isEqualTo(400);
    assertThat(send(new TestRequest("POST", "/bulk%2Fget").body("{}")).status()).isEqualTo(405);
    assertThat(
            send(new TestRequest("POST", "/bulk/get")
                    .body("{\"keys\":[\"" + "k".repeat(513) + "\"]}"))
                .status())
        .isEqualTo(414);
    assertThat(send(new TestRequest("POST", "/bulk/get").body("{\"keys\":[\"k\"]}")).text())
        .isEqualTo("{\"k\":null}");
  }

  @Test
  void refusesOtherMethods() {
    assertThat(phrase(send(new TestRequest("PATCH", "/k"))))
        .startsWith("405 PATCH is not a method of a namespace");
  }

  @Test
  void thePhraseReportsAnUnknownToken() {
    api = api(_ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));

    assertThat(phrase(get("/k"))).startsWith("401 Unauthorized");
  }

  @Test
  void aPhraseIsOneLineOfBoundedLength() {
    Answer answer =
        Answer.of(api.answer(new TestRequest("GET", "/kv/a%0D%0Ab%20" + "é".repeat(400) + "/k")));

    assertThat(answer.response().reason()).doesNotContain("\r", "\n");
    assertThat(answer.response().reason().length()).isLessThanOrEqualTo(1024);
  }
}
