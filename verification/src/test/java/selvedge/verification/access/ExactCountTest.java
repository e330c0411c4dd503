package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** Trees with exact counts, and pages of keys by position. */
final class ExactCountTest {
  @TempDir static Path folder;

  private static GuardedServer server;

  private String namespace = "";
  private long newest;

  @BeforeAll
  static void start() {
    server = GuardedServer.origin(folder.resolve("origin"), InstantSource.system());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Makes a namespace with 1,203 keys below {@code user:}, and four others. */
  @BeforeEach
  void fill() {
    namespace = server.root().createNamespace("n-" + System.nanoTime());
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      pairs.add(
          "{\"key\":\"user:%s:%04d\",\"value\":\"v\"}".formatted(i % 3 == 0 ? "de" : "fr", i));
    }
    for (String key : List.of("a", "session:1", "user:1", "user:2", "user:é", "usér:9", "z")) {
      pairs.add(
          "{\"key\":\"%s\",\"value\":\"four\",\"metadata\":{\"a\":1},\"expiration\":4000000000}"
              .formatted(key));
    }
    changed(server.root().bulkPut(namespace, "[" + String.join(",", pairs) + "]"));
  }

  private Reply get(RestClient client, String path) {
    String all = "/v1/namespaces/" + namespace + path + "&account=" + Launch.ACCOUNT;
    return client.send("GET", all, BodyPublishers.noBody());
  }

  private void changed(Reply reply) {
    newest = Long.parseLong(reply.ok().header("Selvedge-As-Of"));
  }

  /** Returns the answer once the counts are those of the newest version. */
  private JsonNode counted(RestClient client, String path) throws Exception {
    var last = new ArrayList<JsonNode>();
    Polling.await(
        "counted up to version " + newest,
        () -> {
          Reply reply = get(client, path);
          assertThat(reply.status()).isIn(200, 202);
          last.add(reply.json());
          return last.getLast().path("version").asLong(0) >= newest && last.getLast().has("at");
        });
    return last.getLast();
  }

  private static List<String> children(JsonNode tree) {
    return tree.path("children")
        .valueStream()
        .map(child -> child.path("prefix").asString() + " " + child.path("count").asLong())
        .toList();
  }

  private static List<String> keys(JsonNode page) {
    return page.path("rows").valueStream().map(row -> row.path("key").asString()).toList();
  }

  @Test
  void aTreeHasTheExactCountOfEachChild() throws Exception {
    JsonNode tree = counted(server.root(), "/tree?prefix=");

    assertThat(tree.path("count").asLong()).isEqualTo(1207);
    assertThat(children(tree)).containsExactly("session: 1", "user: 1203", "usér: 1");
    assertThat(tree.path("keys").asLong()).as("a and z").isEqualTo(2);
    assertThat(tree.has("next")).isFalse();

    JsonNode users = counted(server.root(), "/tree?prefix=user:");
    assertThat(children(users)).containsExactly("user:de: 400", "user:fr: 800");
    assertThat(users.path("count").asLong()).isEqualTo(1203);
    assertThat(users.path("keys").asLong()).isEqualTo(3);
    assertThat(users.path("children").path(0).path("bytes").asLong()).isEqualTo(400 * 13);

    JsonNode letters = counted(server.root(), "/tree?prefix=us&characters=1");
    assertThat(children(letters)).containsExactly("use 1203", "usé 1");
  }

  @Test
  void aTreeIsReadInPages() throws Exception {
    List<String> all = new ArrayList<>();
    String from = "";
    for (int page = 0; page < 10; page++) {
      JsonNode tree =
          counted(server.root(), "/tree?prefix=user:de:&characters=3&limit=30&from=" + from);
      all.addAll(children(tree));
      assertThat(children(tree)).hasSizeLessThanOrEqualTo(30);
      from = tree.path("next").asString("");
      if (from.isEmpty()) {
        break;
      }
    }

    assertThat(all).hasSize(120).doesNotHaveDuplicates().contains("user:de:000 4", "user:de:119 3");
    assertThat(counted(server.root(), "/tree?prefix=nothing").path("count").asLong()).isZero();
  }

  @Test
  void aPageStartsAtAPosition() throws Exception {
    JsonNode page = counted(server.root(), "/rows?prefix=user:&position=700&limit=2");

    assertThat(page.path("total").asLong()).isEqualTo(1203);
    assertThat(page.path("position").asLong()).isEqualTo(700);
    assertThat(page.path("complete").asBoolean()).isFalse();
    assertThat(keys(page)).containsExactly("user:fr:0448", "user:fr:0449");

    JsonNode end = counted(server.root(), "/rows?prefix=user:&position=1202&limit=2");
    assertThat(keys(end)).containsExactly("user:é");
    assertThat(end.path("complete").asBoolean()).isTrue();
    JsonNode row = end.path("rows").path(0);
    assertThat(row.path("bytes").asLong()).isEqualTo(4);
    assertThat(row.path("metadata").path("a").asInt()).isEqualTo(1);
    assertThat(row.path("expires").asLong()).isEqualTo(4_000_000_000_000L);
    assertThat(row.path("version").asLong()).isPositive();

    JsonNode behind = counted(server.root(), "/rows?prefix=user:&position=5000");
    assertThat(keys(behind)).isEmpty();
    assertThat(behind.path("complete").asBoolean()).isTrue();
  }

  @Test
  void aPageStartsAtAKeyAndSaysWhereThatIs() throws Exception {
    JsonNode page = counted(server.root(), "/rows?prefix=user:&from=user:fr&limit=1");

    assertThat(keys(page)).containsExactly("user:fr:0001");
    assertThat(page.path("position").asLong()).isEqualTo(402);
    assertThat(keys(counted(server.root(), "/rows?prefix=user:&from=&limit=1")))
        .containsExactly("user:1");
    assertThat(keys(counted(server.root(), "/rows?prefix=user:&from=v"))).isEmpty();
  }

  @Test
  void keysAreShownWhileTheyAreBeingCounted() {
    Reply first = get(server.root(), "/rows?from=&limit=2");

    assertThat(keys(first.json())).containsExactly("a", "session:1");
    assertThat(first.json().has("counting") || first.json().has("total")).isTrue();
  }

  @Test
  void countsFollowEveryChange() throws Exception {
    assertThat(counted(server.root(), "/tree?prefix=").path("count").asLong()).isEqualTo(1207);

    server.root().put(namespace, "session:2", Bytes.utf8("v")).ok();
    server.root().delete(namespace, "z").ok();
    String path = "/v1/namespaces/" + namespace + "/keys?prefix=user:de:";
    changed(server.root().send("DELETE", path, BodyPublishers.noBody()));

    JsonNode tree = counted(server.root(), "/tree?prefix=");
    assertThat(tree.path("count").asLong()).isEqualTo(807);
    assertThat(children(tree)).containsExactly("session: 2", "user: 803", "usér: 1");
  }

  @Test
  void aTokenForAPrefixCountsOnlyItsKeys() throws Exception {
    JsonNode token =
        server.token(
            "{\"grant\":\"read\",\"prefix\":\"user:fr:\",\"account\":\"%s\",\"namespace\":\"%s\"}"
                .formatted(Launch.ACCOUNT, namespace));
    String secret = token.path("secret").asString();
    try (var part = new RestClient(server.uri(), Version.HTTP_1_1, secret)) {
      JsonNode first = get(part, "/tree?prefix=").json();
      assertThat(first.path("counting").has("percent")).isTrue();
      assertThat(first.path("counting").has("rows")).isFalse();
      JsonNode tree = counted(part, "/tree?prefix=");
      assertThat(tree.path("count").asLong()).isEqualTo(800);
      assertThat(children(tree)).containsExactly("user: 800");
      assertThat(tree.path("keys").asLong()).isZero();
      assertThat(counted(part, "/tree?prefix=user:de:").path("count").asLong()).isZero();
      JsonNode page = counted(part, "/rows?prefix=&position=0&limit=1");
      assertThat(page.path("total").asLong()).isEqualTo(800);
      assertThat(keys(page)).containsExactly("user:fr:0001");
      assertThat(keys(counted(part, "/rows?prefix=&from=a&limit=1")))
          .containsExactly("user:fr:0001");
      assertThat(keys(counted(part, "/rows?prefix=session:&from="))).isEmpty();
    }
  }

  @Test
  void anEdgeHasTheSameCounts() throws Exception {
    String secret = server.token("{\"grant\":\"replicate\"}").path("secret").asString();
    JsonNode here = counted(server.root(), "/tree?prefix=");
    try (GuardedServer edge =
            GuardedServer.edge(
                folder.resolve("edge"), InstantSource.system(), server.uri(), secret);
        GuardedServer cache =
            GuardedServer.edge(
                folder.resolve("cache"),
                InstantSource.system(),
                server.uri(),
                secret,
                "cached",
                namespace)) {
      assertThat(children(counted(edge.root(), "/tree?prefix="))).isEqualTo(children(here));
      assertThat(children(counted(cache.root(), "/tree?prefix=")))
          .as("an edge that only caches the namespace")
          .isEqualTo(children(here));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tree?delimiter=",
        "/tree?delimiter=aaaaaaaaaaaaaaaaa",
        "/tree?delimiter=a&characters=1",
        "/tree?characters=0",
        "/tree?characters=x",
        "/tree?limit=0",
        "/tree?limit=1001",
        "/rows?position=-1",
        "/rows?position=x",
        "/rows?position=1&from=a",
        "/rows?limit=0"
      })
  void badRequestsSayWhatIsWrong(String path) {
    Reply reply = get(server.root(), path);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("error").path("message").asString()).contains("got");
  }
}
