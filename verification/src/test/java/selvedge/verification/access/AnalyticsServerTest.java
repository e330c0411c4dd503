package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.testing.SettableClock;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** The numbers of operations over HTTP: exact, for every protocol, and only those of the caller. */
final class AnalyticsServerTest {
  @TempDir static Path folder;

  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static SettableClock clock = new SettableClock(Instant.EPOCH);
  private static GuardedServer origin;
  private static int namespaces;

  /** The namespace of a test, by title and by id. */
  private String title = "";

  private String namespace = "";

  @BeforeAll
  static void start() {
    clock = new SettableClock(Instant.now());
    origin = kept(GuardedServer.origin(folder.resolve("origin"), clock));
  }

  @BeforeEach
  void create() {
    title = "n" + namespaces++;
    namespace = origin.root().createNamespace(title);
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable each : OPEN.reversed()) {
      each.close();
    }
  }

  private static <T extends AutoCloseable> T kept(T server) {
    OPEN.add(server);
    return server;
  }

  private static RestClient client(String wish) {
    String secret = origin.token(wish).path("secret").asString();
    return kept(new RestClient(origin.uri(), Version.HTTP_1_1, secret));
  }

  private static Reply get(RestClient client, String path) {
    return client.send("GET", path, BodyPublishers.noBody());
  }

  private static JsonNode analytics(RestClient client, String query) {
    return get(client, "/v1/analytics?" + query).ok().json();
  }

  /** Returns the numbers of requests by operation and status. */
  private static Map<String, Long> requests(JsonNode analytics) {
    Map<String, Long> requests = new TreeMap<>();
    for (JsonNode each : analytics.path("totals")) {
      String name = each.path("operation").asString() + " " + each.path("status").asInt();
      requests.put(name, each.path("requests").asLong());
    }
    return requests;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=-1000000000-01-01T00:00:00Z",
        "from=1969-12-31T23:59:59Z",
        "to=%2B1000000000-12-31T23:59:59Z",
        "since=1h&step=9223372036854775740",
        "since=1h&step=61"
      })
  void aSpanOfTimeOutsideOfTheCalendarIsRefused(String query) {
    assertThat(get(origin.root(), "/v1/analytics?" + query).status()).isEqualTo(400);
  }

  @Test
  void everyProtocolIsCounted() {
    origin.root().put(namespace, "a", Bytes.utf8("12345")).ok();
    for (String path :
        List.of(
            RestClient.value(namespace, "a"),
            "/kv/" + title + "/a",
            "/v1/namespaces/" + title + "/values/a",
            "/cdn-cgi/explorer/api/storage/kv/namespaces/" + namespace + "/values/a")) {
      get(origin.root(), path).ok();
    }
    get(origin.root(), "/v1/namespaces/" + title + "/values/missing");
    get(origin.root(), "/kv/" + title + "?key_count_limit=1").ok();
    origin
        .root()
        .send("DELETE", "/v1/namespaces/" + title + "/values/a", BodyPublishers.noBody())
        .ok();
    get(origin.root(), "/kv/none/a");
    origin.root().put(namespace, "b", Bytes.utf8("x".repeat(100_000))).ok();
    get(origin.root(), "/kv/" + title + "/b").ok();

    JsonNode all = analytics(origin.root(), "since=1h&by=operation,status&namespace=" + title);

    assertThat(requests(all))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "read 200", 5L, "read 404", 1L, "write 200", 2L, "delete 200", 1L, "list 200", 1L));
    for (JsonNode each : all.path("totals")) {
      if (each.path("operation").asString().equals("write")) {
        assertThat(each.path("bytes_in").asLong()).isEqualTo(100_005);
      }
      if (each.path("operation").asString().equals("read") && each.path("status").asInt() == 200) {
        assertThat(each.path("bytes_out").asLong()).isEqualTo(100_000 + 4 * 5);
        assertThat(each.path("millis").path("p50").asDouble()).isPositive();
      }
    }
  }

  @Test
  void aTokenSeesTheNumbersOfItsNamespacesAlone() {
    String other = origin.root().createNamespace("other of " + title);
    origin.root().put(namespace, "a", Bytes.utf8("1")).ok();
    origin.root().put(other, "a", Bytes.utf8("1")).ok();
    String wish = "{\"account\":\"" + Launch.ACCOUNT + "\",\"grant\":\"read\",\"namespace\":\"";

    RestClient own = client(wish + other + "\"}");
    JsonNode seen = analytics(own, "since=1h&by=namespace");
    assertThat(seen.path("totals").size()).isEqualTo(1);
    assertThat(seen.path("totals").get(0).path("namespace").asString()).isEqualTo(other);
    assertThat(get(own, "/v1/analytics?namespace=" + namespace).status()).isEqualTo(404);

    RestClient part = client(wish + other + "\",\"prefix\":\"a\"}");
    assertThat(get(part, "/v1/analytics").status()).isEqualTo(403);
  }

  private static Reply query(RestClient client, String query) {
    String body = "{\"query\":\"" + query.replace("\"", "\\\"") + "\"}";
    return client.send("POST", "/client/v4/graphql", BodyPublishers.ofString(body));
  }

  @Test
  void graphqlAnswersFromTheSameNumbers() {
    origin.root().put(namespace, "a", Bytes.utf8("12345")).ok();
    get(origin.root(), "/kv/" + title + "/a").ok();
    String filter = "{ viewer { accounts(filter: {accountTag: \"" + Launch.ACCOUNT + "\"}) { ";
    String operations =
        filter
            + "kvOperationsAdaptiveGroups(limit: 10, orderBy: [actionType_ASC], filter:"
            + " {namespaceId: \""
            + namespace
            + "\"}) {"
            + " sum { requests objectBytes } dimensions { actionType namespaceId } } } } }";

    JsonNode answer = query(origin.root(), operations).ok().json();
    assertThat(answer.path("errors").isNull()).isTrue();
    JsonNode groups =
        answer
            .path("data")
            .path("viewer")
            .path("accounts")
            .path(0)
            .path("kvOperationsAdaptiveGroups");
    assertThat(groups.size()).isEqualTo(2);
    assertThat(groups.path(0).path("dimensions").path("actionType").asString()).isEqualTo("read");
    assertThat(groups.path(1).path("sum").path("objectBytes").asLong()).isEqualTo(5);

    String other = origin.root().createNamespace("other of " + title);
    RestClient stranger =
        client(
            "{\"account\":\""
                + Launch.ACCOUNT
                + "\",\"grant\":\"read\",\"namespace\":\""
                + other
                + "\"}");
    assertThat(query(stranger, operations).ok().body().utf8())
        .contains("\"kvOperationsAdaptiveGroups\":[]");
    assertThat(query(origin.root(), "{ nothing }").ok().json().path("errors").size()).isPositive();
    Reply noQuery = origin.root().send("POST", "/client/v4/graphql", BodyPublishers.ofString("[]"));
    assertThat(noQuery.status()).isEqualTo(400);
  }

  @Test
  void theOlderAnalyticsAnswerFromTheSameNumbers() {
    origin.root().put(namespace, "a", Bytes.utf8("x".repeat(1024))).ok();
    String path = "/client/v4/accounts/" + Launch.ACCOUNT + "/storage/analytics";
    RestClient reader =
        client(
            "{\"account\":\""
                + Launch.ACCOUNT
                + "\",\"grant\":\"read\",\"namespace\":\""
                + namespace
                + "\"}");

    JsonNode result =
        get(
                reader,
                path
                    + "?query[dimensions][]=requestType&query%5Bmetrics%5D=requests"
                    + "&query%5Bmetrics%5D=writeKiB")
            .ok()
            .json()
            .path("result");
    assertThat(result.path("rows").asInt()).isEqualTo(1);
    assertThat(result.path("data").path(0).path("dimensions").path(0).asString())
        .isEqualTo("write");
    assertThat(result.path("totals").path("writeKiB").asDouble()).isEqualTo(1);
    assertThat(get(origin.root(), path + "/stored?dimensions=namespaceId").status()).isEqualTo(200);
    assertThat(get(origin.root(), path + "?metrics=colour").status()).isEqualTo(400);
  }

  @Test
  void aWrongQuestionIsAnsweredWithWhatIsRight() {
    for (String query :
        List.of("since=2h", "by=colour", "step=7", "from=yesterday", "from=2030-01-01T00:00:00Z")) {
      Reply reply = get(origin.root(), "/v1/analytics?" + query);
      assertThat(reply.status()).as(query).isEqualTo(400);
    }
    assertThat(get(origin.root(), "/v1/analytics?by=colour").body().utf8())
        .contains("namespace, place, operation, status");
  }

  @Test
  void theNumbersOfAnEdgeArriveAtTheOrigin() throws Exception {
    origin.root().put(namespace, "a", Bytes.utf8("1")).ok();
    String own = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
    GuardedServer edge = kept(GuardedServer.edge(folder.resolve("edge"), clock, origin.uri(), own));
    Polling.await(
        "the value has arrived",
        () ->
            edge.root().send("GET", "/kv/" + title + "/a", BodyPublishers.noBody()).status()
                == 200);
    clock.advance(Duration.ofMinutes(1));

    Polling.await(
        "the numbers of the edge have arrived",
        () ->
            analytics(edge.root(), "since=1h&by=place").path("totals").toString().contains("fra"));
    // The edge forwards a change, so that the origin counts it.
    edge.root().put(namespace, "b", Bytes.utf8("1")).ok();
    JsonNode places =
        analytics(origin.root(), "since=1h&by=place,operation&namespace=" + title).path("totals");
    Map<String, Long> requests = new TreeMap<>();
    places.forEach(
        each ->
            requests.put(
                each.path("place").asString() + " " + each.path("operation").asString(),
                each.path("requests").asLong()));
    assertThat(requests).containsEntry("origin write", 2L).containsKey("fra read");
  }

  @Test
  void theNumbersSurviveARestart() {
    origin.root().put(namespace, "a", Bytes.utf8("1")).ok();

    OPEN.remove(origin);
    origin.close();
    origin = kept(GuardedServer.origin(folder.resolve("origin"), clock));

    JsonNode all = analytics(origin.root(), "since=1h&by=operation,status&namespace=" + title);
    assertThat(requests(all)).containsEntry("write 200", 1L);
  }
}
