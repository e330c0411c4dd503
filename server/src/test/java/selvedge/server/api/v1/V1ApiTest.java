package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.summary.Summaries;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.MessageWriter;
import selvedge.model.wire.Omitted;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Gate;
import selvedge.server.access.Grant;
import selvedge.server.access.OpenCaller;
import selvedge.server.access.Openness;
import selvedge.server.access.Refusal;
import selvedge.server.access.Right;
import selvedge.server.access.Token;
import selvedge.server.access.TokenGate;
import selvedge.server.access.Tokens;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.Answer;
import selvedge.server.api.DirectSubmit;
import selvedge.server.api.LoopResult;
import selvedge.server.api.TestRequest;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.audit.Audit;
import selvedge.server.config.Setting;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.DailyAllowance;
import selvedge.server.quota.StorageUse;
import selvedge.server.session.SessionCookies;
import selvedge.server.session.SignInCodes;
import selvedge.server.voter.Membership;

final class V1ApiTest {
  private static final AccountId HOME = new AccountId("023e105f4ecef8ad9ca31a8372d0c353");
  private static final AccountId OTHER = new AccountId("f".repeat(32));
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.750Z");
  private static final String BASE = "/v1/namespaces/things";

  private final SettableClock clock = new SettableClock(NOW);
  private Limits limits = Limits.of(Profile.OPEN).with(Limit.DELETES_PER_DAY, 5);
  private final MemoryNamespaces memory = new MemoryNamespaces(clock);
  private final NamespaceId id = memory.create(HOME, "things").id();
  private final Namespace namespace = memory.open(id);
  private final Namespace system = memory.open(memory.create(OTHER, "system").id());
  private final MemoryStore store = new MemoryStore(7);
  private Caller caller = new OpenCaller(true);
  private V1Api v1 = api(_ -> new Admission.Admitted(caller));

  private V1Api api(Gate gate) {
    var tokens = new Tokens(system, limits, clock, new Random(1));
    return new V1Api(
        new ProtocolContext(
            memory,
            (_, _) -> Optional.empty(),
            new DirectSubmit(memory),
            gate,
            new DailyAllowance(system, limits, clock, new StorageUse(memory, limits)),
            limits,
            clock,
            new Spools(Path.of("unused"), () -> Long.MAX_VALUE, limits),
            HOME),
        new Endpoints(
            new TokensEndpoint(tokens, _ -> Optional.empty(), limits, clock),
            new AuditEndpoint(new Audit(system, limits)),
            sessions(tokens),
            summaries(store),
            new HistoryEndpoint(store, new FeedSignal(store.latest()), limits, () -> 0),
            overview(store),
            analytics(),
            new StalenessEndpoint(system),
            new Replication(
                new FeedEndpoint(
                    new FeedEndpoint.Changes(
                        store, new FeedSignal(store.latest()), () -> Descent.of(store), false),
                    FeedEndpoint.Claims.NONE,
                    limits,
                    clock,
                    System::nanoTime),
                new SnapshotEndpoint(
                    () -> {
                      throw new UnsupportedOperationException();
                    },
                    () -> Descent.of(store),
                    new FeedSignal(store.latest())),
                bulkGet(store),
                new DigestEndpoint(
                    () -> {
                      throw new UnsupportedOperationException();
                    },
                    store::epoch,
                    Set.of(),
                    clock),
                new PositionEndpoint(
                    Optional::empty,
                    new EdgeReports(() -> 0),
                    () -> Descent.of(store),
                    new ForeignClusters(() -> 0),
                    _ -> 0,
                    () -> "0123456789abcdef"),
                new Peers(Set.of()),
                _ -> {},
                new NoControl())));
  }

  private AnalyticsEndpoint analytics() {
    return new AnalyticsEndpoint(
        new Analytics(Path.of("unused"), 0, () -> 0, "origin", false, clock, new Random(1)),
        memory,
        counts(store),
        clock);
  }

  private BulkGetEndpoint bulkGet(MemoryStore store) {
    return new BulkGetEndpoint(
        Allowance.UNLIMITED, limits, store::latest, () -> Descent.of(store), store::get);
  }

  private OverviewEndpoint overview(MemoryStore store) {
    return new OverviewEndpoint(
        memory,
        counts(store),
        new OverviewEndpoint.Facts(
            store::latest,
            _ -> {},
            () -> 1,
            () -> 1,
            () -> 1,
            Optional::empty,
            _ -> List.of(),
            () -> new OverviewEndpoint.Requests(0, 0)),
        limits,
        clock);
  }

  private Summaries counts(MemoryStore store) {
    return new Summaries(
        new Summaries.Source(
            () -> {
              throw new UnsupportedOperationException();
            },
            store),
        clock,
        () -> 0,
        limits);
  }

  private SummaryEndpoint summaries(MemoryStore store) {
    return new SummaryEndpoint(counts(store), Allowance.UNLIMITED, limits);
  }

  private SessionEndpoint sessions(Tokens tokens) {
    return new SessionEndpoint(
        new SessionEndpoint.SignIn(
            new TokenGate(tokens, Openness.NEVER, "local"),
            new SessionCookies(
                new ClusterId(7),
                Bytes.copyOf(new byte[32]),
                Duration.ofHours(1),
                clock,
                new Random(2)),
            new SignInCodes(clock, new Random(3))),
        _ -> {},
        false,
        limits);
  }

  /** Accepts all operations on the server without effect. */
  private static final class NoControl implements Control {
    @Override
    public void promote(boolean forced) {}

    @Override
    public void follow(String origin) {}

    @Override
    public void confirmClock() {}

    @Override
    public CreatedBackup backup(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Rotation rotateKey(boolean rewrites) {
      return new Rotation("0123456789abcdef", rewrites);
    }

    @Override
    public ChangedLimit setLimit(String name, Optional<String> value) {
      return new ChangedLimit(new Setting(name, value.orElse(""), "the request"), true);
    }

    @Override
    public Compacted compact() {
      return new Compacted(2, 1);
    }

    @Override
    public void retire(String location) {}

    @Override
    public Membership membership() {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void store() {
    namespace.put(Key.of("k"), Bytes.utf8("one"), WriteOptions.PLAIN);
  }

  private Answer send(String method, String target) {
    return Answer.of(v1.answer(new TestRequest(method, target)));
  }

  private Answer send(TestRequest request) {
    return Answer.of(v1.answer(request));
  }

  private void fails(Answer answer, int status, String code) {
    assertThat(answer.status() + " " + answer.text())
        .startsWith(status + " {\"error\":{\"code\":\"" + code + "\",\"message\":\"");
  }

  @Test
  void findsANamespaceByTitleOrId() {
    assertThat(send("GET", BASE + "/values/k").text()).isEqualTo("one");
    assertThat(send("GET", "/v1/namespaces/" + id + "/values/k").text()).isEqualTo("one");
  }

  @Test
  void aTitleMayContainAnyCharacters() {
    NamespaceId odd = memory.create(HOME, "a/b é?").id();
    memory.open(odd).put(Key.of("k"), Bytes.utf8("odd"), WriteOptions.PLAIN);

    assertThat(send("GET", "/v1/namespaces/a%2Fb%20%C3%A9%3F/values/k").text()).isEqualTo("odd");
  }

  @Test
  void aTitleIsUniqueInItsAccount() {
    NamespaceId theirs = memory.create(OTHER, "theirs").id();

    fails(send("GET", "/v1/namespaces/theirs/count"), 404, "namespace_not_found");
    fails(send("GET", "/v1/namespaces/" + theirs + "/count"), 404, "namespace_not_found");
    assertThat(send("GET", "/v1/namespaces/theirs/count?account=" + OTHER).text())
        .isEqualTo("{\"count\":0}");
    fails(send("GET", "/v1/namespaces/theirs/count?account=x"), 400, "invalid_request");
  }

  @Test
  void putAndDeleteReturnTheVersion() {
    Answer put = send(new TestRequest("PUT", BASE + "/values/a%2Fb").body("1"));
    String version = put.version();

    assertThat(put.text()).isEqualTo("{\"version\":" + version + "}");
    assertThat(put.header("ETag")).contains("\"" + version + "\"");
    assertThat(send("GET", BASE + "/values/a/b").version()).isEqualTo(version);
    assertThat(send("DELETE", BASE + "/values/a%2Fb").status()).isEqualTo(200);
    fails(send("GET", BASE + "/values/a/b"), 404, "key_not_found");
    assertThat(send("DELETE", BASE + "/values/a%2Fb").status()).isEqualTo(200);
  }

  @Test
  void headReturnsTheLength() {
    Answer head = send("HEAD", BASE + "/values/k");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aPutStoresMetadata() {
    send(
        new TestRequest("PUT", BASE + "/values/m")
            .with("CF-KV-Metadata", "{ \"é\": 1 }")
            .body("1"));

    assertThat(send("GET", BASE + "/values/m").header("CF-KV-Metadata")).contains("{\"é\":1}");
    fails(
        send(new TestRequest("PUT", BASE + "/values/m").with("CF-KV-Metadata", "{").body("1")),
        400,
        "invalid_request");
    fails(
        send(
            new TestRequest("PUT", BASE + "/values/m")
                .with("CF-KV-Metadata", "\"" + "x".repeat(1023) + "\"")
                .body("1")),
        413,
        "over_limit");
  }

  @Test
  void comparesConditionsWithTheCurrentVersion() {
    String version = send("GET", BASE + "/values/k").version();

    Answer taken =
        send(new TestRequest("PUT", BASE + "/values/k").with("If-None-Match", "*").body("2"));
    fails(taken, 412, "conflict");
    assertThat(taken.version()).isEqualTo(version);
    assertThat(
            send(new TestRequest("PUT", BASE + "/values/k")
                    .with("If-Match", "\"" + version + "\"")
                    .body("2"))
                .status())
        .isEqualTo(200);
    Answer gone = send(new TestRequest("DELETE", BASE + "/values/none").with("If-Match", "\"1\""));
    fails(gone, 412, "conflict");
    assertThat(gone.version()).isEqualTo("0");
    assertThat(gone.header("ETag")).isEmpty();
  }

  @Test
  void aTimeToLiveMayBeShort() {
    send(new TestRequest("PUT", BASE + "/values/t?ttl=1.5").body("1"));

    clock.set(NOW.plusMillis(1499));
    assertThat(send("GET", BASE + "/values/t").status()).isEqualTo(200);
    clock.set(NOW.plusMillis(1500));
    fails(send("GET", BASE + "/values/t"), 404, "key_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.999", "-1", "", "x", "NaN", "1e3", "99999999999", "0x10"})
  void aTimeToLiveIsAtLeastASecond(String ttl) {
    fails(
        send(new TestRequest("PUT", BASE + "/values/t?ttl=" + ttl).body("1")),
        400,
        "invalid_request");
    fails(send("POST", BASE + "/increment/t?ttl=" + ttl), 400, "invalid_request");
  }

  @Test
  void anIncrementAddsToANumber() {
    assertThat(send("POST", BASE + "/increment/n").json().get("value").asLong()).isEqualTo(1);
    Answer sum = send("POST", BASE + "/increment/n?by=-5");
    assertThat(sum.text()).isEqualTo("{\"value\":-4,\"version\":" + sum.version() + "}");
    assertThat(send("GET", BASE + "/values/n").text()).isEqualTo("-4");
  }

  @Test
  void anIncrementUsesItsTimeToLiveOnlyForANewNumber() {
    send("POST", BASE + "/increment/n?ttl=10");
    clock.advance(Duration.ofSeconds(9));
    send("POST", BASE + "/increment/n?ttl=10");

    clock.advance(Duration.ofSeconds(1));

    assertThat(send("POST", BASE + "/increment/n").json().get("value").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"increment/k", "increment/n?by=x", "increment/n?by=1.5", "increment/n?by="})
  void anIncrementRequiresNumbers(String tail) {
    fails(send("POST", BASE + "/" + tail), 400, "invalid_request");
  }

  private List<Message> many(String query, String body) throws IOException {
    Answer answer = send(new TestRequest("POST", BASE + "/bulk/get" + query).body(body));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    var reader =
        new MessageReader(
            new ByteArrayInputStream(answer.body()),
            (_, _, stream) -> Bytes.adopt(stream.readAllBytes()));
    List<Message> messages = new ArrayList<>(List.of(reader.next()));
    while (!(messages.getLast() instanceof Message.End)) {
      messages.add(reader.next());
    }
    return messages;
  }

  @Test
  void readsManyKeysWithAnyBytes() throws IOException {
    Bytes large = Bytes.adopt(new byte[300_000]);
    namespace.put(Key.of("large"), large, WriteOptions.PLAIN.metadata(Metadata.json("7")));
    namespace.put(Key.of("é"), Bytes.adopt(new byte[] {-1, 0}), WriteOptions.PLAIN);

    List<Message> whole = many("", "{\"keys\":[\"é\",\"none\",\"large\"]}");
    assertThat(whole).hasSize(4);
    assertThat(whole.get(1))
        .isInstanceOfSatisfying(
            Message.Placed.class,
            placed ->
                assertThat(placed.entry().value()).isEqualTo(Bytes.adopt(new byte[] {-1, 0})));
    assertThat(whole.get(2))
        .isInstanceOfSatisfying(
            Message.Placed.class, placed -> assertThat(placed.entry().value()).isEqualTo(large));
    assertThat(whole.get(3)).isEqualTo(new Message.End(2, ""));

    assertThat(many("?large=omit", "{\"keys\":[\"large\"]}").get(1))
        .isInstanceOfSatisfying(
            Message.Placed.class,
            placed -> {
              assertThat(placed.entry().value()).isEqualTo(new Omitted(300_000));
              assertThat(placed.entry().metadata()).isEqualTo(Metadata.json("7"));
            });
  }

  /**
   * The clock of this server may be wrong, so an edge must not remember that the key is missing.
   */
  @Test
  void sendsOnlyTheOutlineOfAnExpiredEntryAndOnlyToEdges() throws IOException {
    Expiry expiry = Expiry.at(NOW);
    var put = new Mutation.Put(Key.of("past"), Bytes.utf8("secret"), Metadata.json("7"), expiry);
    store.commit(List.of(new Change(new Version(1), NOW, id, put)));

    assertThat(many("", "{\"keys\":[\"past\"]}")).hasSize(2);
    assertThat(many("?large=omit", "{\"keys\":[\"past\"]}").get(1))
        .isInstanceOfSatisfying(
            Message.Placed.class,
            placed -> {
              assertThat(placed.entry().value()).isEqualTo(new Omitted(6));
              assertThat(placed.entry().metadata()).isEqualTo(Metadata.NONE);
              assertThat(placed.entry().expiry()).isEqualTo(expiry);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[\"k\"]", "{\"keys\":[]}", "{\"keys\":[1]}", "{\"keys\":}"})
  void aBulkGetRequiresNames(String body) {
    fails(send(new TestRequest("POST", BASE + "/bulk/get").body(body)), 400, "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000",
        "ffffffff",
        "00000001" + "0c" + "00000000",
        "00000001" + "05",
        "00000001" + "63" + "20eb33c7"
      })
  void aBulkWriteWithFramesThatAreNotValidIsRefused(String hex) {
    byte[] body = HexFormat.of().parseHex(hex);

    fails(send(new TestRequest("POST", BASE + "/bulk").body(body)), 400, "invalid_request");
  }

  /** The fields are the time of a change, and the length of its value. */
  @ParameterizedTest
  @CsvSource({"9, 9223372036854775807", "9, -9223372036854775808", "70, -1"})
  void aBulkWriteWithANumberThatIsNotValidIsRefused(int field, long number) throws IOException {
    var out = new ByteArrayOutputStream();
    var put = new Mutation.Put(Key.of("k"), Bytes.EMPTY, Metadata.NONE, Expiry.NEVER);
    new MessageWriter(out).write(new Message.Changed(new Change(Version.NONE, NOW, id, put)));
    ByteBuffer frame = ByteBuffer.wrap(out.toByteArray());
    int length = frame.getInt(0);
    frame.putLong(Integer.BYTES + field, number);
    var crc = new CRC32C();
    crc.update(frame.array(), Integer.BYTES, length);
    frame.putInt(Integer.BYTES + length, (int) crc.getValue());

    fails(
        send(new TestRequest("POST", BASE + "/bulk").body(frame.array())), 400, "invalid_request");
  }

  @Test
  void aBulkWriteNamesTheLimitOfAValue() throws IOException {
    var out = new ByteArrayOutputStream();
    var value = Bytes.copyOf(new byte[MessageWriter.INLINE_BYTES + 1]);
    var put = new Mutation.Put(Key.of("k"), value, Metadata.NONE, Expiry.NEVER);
    new MessageWriter(out).write(new Message.Changed(new Change(Version.NONE, NOW, id, put)));

    Answer answer = send(new TestRequest("POST", BASE + "/bulk").body(out.toByteArray()));

    fails(answer, 413, "over_limit");
    assertThat(answer.text()).contains("a value of 262145 bytes");
  }

  @Test
  void aBulkWriteThatContinuesWithAnotherMessageThanAnEndChangesNothing() throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    var delete = new Mutation.Delete(Key.of("k"));
    writer.write(new Message.Changed(new Change(Version.NONE, NOW, id, delete)));
    writer.write(new Message.Heartbeat(Version.NONE, NOW));
    byte[] body = out.toByteArray();

    fails(send(new TestRequest("POST", BASE + "/bulk").body(body)), 400, "invalid_request");
    assertThat(send("GET", BASE + "/values/k").text()).isEqualTo("one");
  }

  @Test
  void aSnapshotContinuesAfterAnEntryWithNamespaceAndKey() {
    fails(send("GET", "/v1/snapshot?key=k"), 400, "invalid_request");
    fails(send("GET", "/v1/snapshot?without=x"), 400, "invalid_request");
  }

  @Test
  void countsReadableKeys() {
    namespace.put(Key.of("p1"), Bytes.EMPTY, WriteOptions.PLAIN);
    namespace.put(Key.of("p2"), Bytes.EMPTY, WriteOptions.PLAIN.expiresAt(NOW.plusSeconds(5)));

    assertThat(send("GET", BASE + "/count").text()).isEqualTo("{\"count\":3}");
    assertThat(send("GET", BASE + "/count?prefix=p").text()).isEqualTo("{\"count\":2}");
    clock.advance(Duration.ofSeconds(5));
    assertThat(send("GET", BASE + "/count?prefix=p").text()).isEqualTo("{\"count\":1}");
  }

  @Test
  void clearDeletesAllKeysWithAPrefix() {
    namespace.put(Key.of("p/1"), Bytes.EMPTY, WriteOptions.PLAIN);
    namespace.put(Key.of("p/2"), Bytes.EMPTY, WriteOptions.PLAIN);

    Answer answer = send("DELETE", BASE + "/keys?prefix=p%2F");

    assertThat(answer.text()).isEqualTo("{\"version\":" + answer.version() + "}");
    assertThat(names()).containsExactly("k");
  }

  @Test
  void clearingAllKeysRequiresAParameter() {
    fails(send("DELETE", BASE + "/keys"), 400, "invalid_request");
    fails(send("DELETE", BASE + "/keys?prefix="), 400, "invalid_request");
    fails(send("DELETE", BASE + "/keys?all=yes"), 400, "invalid_request");
    assertThat(names()).containsExactly("k");

    assertThat(send("DELETE", BASE + "/keys?all=true").status()).isEqualTo(200);
    assertThat(names()).isEmpty();
  }

  @Test
  void clearSpendsTheQuotaOfDeletesForEachKey() {
    for (int i = 0; i < 6; i++) {
      namespace.put(Key.of("p" + i), Bytes.EMPTY, WriteOptions.PLAIN);
    }

    fails(send("DELETE", BASE + "/keys?prefix=p"), 429, "over_quota");
    assertThat(send("DELETE", BASE + "/keys?prefix=p1").status()).isEqualTo(200);
    assertThat(send("GET", "/v1/usage").text())
        .isEqualTo(
            "{\"account\":\""
                + HOME
                + "\",\"quotas\":[{\"quota\":\"deletes\",\"used\":1,\"limit\":5,\"left\":4,"
                + "\"resets\":\"2026-11-22T00:00:00Z\"}]}");
  }

  @Test
  void aRefusedDeleteSpendsNoQuota() {
    send(new TestRequest("DELETE", BASE + "/values/k").with("If-Match", "\"999\""));

    assertThat(send("GET", "/v1/usage").json().get("quotas").get(0).get("used").asLong()).isZero();
  }

  private List<String> names() {
    return namespace.list(Listing.all(100)).entries().stream()
        .map(listed -> listed.key().name())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1",
    "GET,/v1/",
    "GET,/v1/namespaces",
    "DELETE,/v1/namespaces/things",
    "DELETE,/v1/namespaces/things/",
    "DELETE,/v1/namespaces/things/values",
    "GET,/v1/namespaces/things/count/x",
    "DELETE,/v1/namespaces/things/keys/x",
    "PATCH,/v1/namespaces/things/keys",
    "GET,/v1/namespaces/things/increment/k",
    "PUT,/v1/usage",
    "GET,/v1/tokensx"
  })
  void reportsAnUnknownRoute(String method, String path) {
    fails(send(method, path), 404, "no_route");
  }

  @ParameterizedTest
  @CsvSource({"'',400,invalid_key", "..,400,invalid_key", "%FF,400,invalid_key"})
  void checksKeys(String key, int status, String code) {
    fails(send("GET", BASE + "/values/" + key), status, code);
    fails(send("POST", BASE + "/increment/" + key), status, code);
  }

  @Test
  void limitsKeysAndValues() {
    fails(send("GET", BASE + "/values/" + "x".repeat(513)), 414, "key_too_long");
    Answer tooLong = send(new TestRequest("PUT", BASE + "/values/v").body(new byte[26_214_401]));
    fails(tooLong, 413, "over_limit");
    assertThat(tooLong.text()).contains("26214401 exceeds limit of 26214400");
    assertThat(send(new TestRequest("PUT", BASE + "/values/v").body(new byte[26_214_400])).status())
        .isEqualTo(200);
  }

  private void as(Grant.Scope scope, Right right) {
    caller = new Token("tid", "test", Bytes.EMPTY, new Grant(scope, right), NOW, Expiry.NEVER);
  }

  @Test
  void anUnknownTokenIs401() {
    v1 = api(_ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));

    Answer answer = send("GET", BASE + "/values/k");

    fails(answer, 401, "unauthorized");
    assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void usesTheAccountOfTheToken() {
    NamespaceId theirs = memory.create(OTHER, "things").id();
    memory.open(theirs).put(Key.of("k"), Bytes.utf8("theirs"), WriteOptions.PLAIN);

    as(new Grant.InAccount(OTHER), Right.READ);

    assertThat(send("GET", BASE + "/values/k").text()).isEqualTo("theirs");
    fails(send("GET", BASE + "/values/k?account=" + HOME), 404, "namespace_not_found");
    fails(send("GET", "/v1/namespaces/" + id + "/values/k"), 404, "namespace_not_found");
    fails(send("GET", "/v1/usage?account=" + HOME), 403, "forbidden");
  }

  @Test
  void aReaderMayChangeNothing() {
    as(new Grant.InAccount(HOME), Right.READ);

    for (Answer answer :
        List.of(
            send(new TestRequest("PUT", BASE + "/values/k").body("2")),
            send("DELETE", BASE + "/values/k"),
            send("POST", BASE + "/increment/n"),
            send("DELETE", BASE + "/keys?all=true"))) {
      fails(answer, 403, "forbidden");
    }
    assertThat(names()).containsExactly("k");
  }

  @Test
  void onlyAdminsForAllAccountsMayAdministerTokens() {
    as(new Grant.InAccount(HOME), Right.ADMIN);
    fails(send("GET", "/v1/tokens"), 403, "forbidden");
    as(new Grant.Everywhere(), Right.WRITE);
    fails(
        send(new TestRequest("POST", "/v1/tokens").body("{\"grant\":\"admin\"}")),
        403,
        "forbidden");
    fails(send("DELETE", "/v1/tokens/x"), 403, "forbidden");
  }

  @Test
  void createsListsAndRevokesAToken() {
    Answer made =
        send(
            new TestRequest("POST", "/v1/tokens")
                .body(
                    "{\"name\":\"ci\",\"grant\":\"read\",\"account\":\""
                        + HOME
                        + "\",\"expires_seconds\":60}"));

    assertThat(made.status()).isEqualTo(200);
    String secret = made.json().get("secret").asString();
    assertThat(secret).isNotEmpty();
    Answer list = send("GET", "/v1/tokens");
    assertThat(list.text()).doesNotContain(secret).contains("\"name\":\"ci\"");
    String token = made.json().get("id").asString();
    assertThat(send("DELETE", "/v1/tokens/" + token).text())
        .isEqualTo("{\"revoked\":\"" + token + "\"}");
    fails(send("DELETE", "/v1/tokens/" + token), 404, "token_not_found");
    assertThat(send("GET", "/v1/tokens").text()).isEqualTo("{\"tokens\":[]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "\"x\"",
        "{}",
        "{\"grant\":\"all\"}",
        "{\"grant\":5}",
        "{\"grant\":\"read\",\"account\":\"mine\"}",
        "{\"grant\":\"read\",\"namespace\":\"x\"}",
        "{\"grant\":\"read\",\"acount\":\"all\"}",
        "{\"grant\":\"read\",\"expires_seconds\":\"60\"}",
        "{\"grant\":\"read\",\"expires_seconds\":0}",
        "{\"grant\":\"read\",\"expires_seconds\":1.5}",
        "{\"grant\":\"read\",\"name\":null}"
      })
  void refusesInvalidFieldsOfAToken(String body) {
    fails(send(new TestRequest("POST", "/v1/tokens").body(body)), 400, "invalid_request");

    assertThat(send("GET", "/v1/tokens").text()).isEqualTo("{\"tokens\":[]}");
  }

  @Test
  void refusalsOfTheTransportHaveTheFormOfV1() {
    fails(Answer.of(v1.refusal(503, "too many")), 503, "refused");
  }

  @Test
  void aGetOfAValueIsASingleRead() {
    Optional<LoopResult> prompt = v1.answerNow(new TestRequest("GET", BASE + "/values/k"));

    assertThat(Answer.read(prompt).orElseThrow().text()).isEqualTo("one");
    assertThat(v1.answerNow(new TestRequest("GET", BASE + "/keys"))).isEmpty();
    assertThat(v1.answerNow(new TestRequest("PUT", BASE + "/values/k"))).isEmpty();
  }
}
