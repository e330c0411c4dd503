package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/** Tokens for a prefix of a namespace, at the origin and at an edge. */
final class PrefixGrantTest {
  private static final String SECRET_VALUE = "not-for-this-token";

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private GuardedServer origin;
  private String namespace = "";
  private String wish = "";

  enum Where {
    ORIGIN,
    EDGE
  }

  @BeforeEach
  void start() {
    origin = kept(GuardedServer.origin(folder.resolve("origin"), InstantSource.system()));
    namespace = origin.root().createNamespace("n");
    for (String key : List.of("a/1", "a/2", "a/3")) {
      origin.root().put(namespace, key, Bytes.utf8("own")).ok();
    }
    for (String key : List.of("a", "b/1", "b/2", "z")) {
      origin.root().put(namespace, key, Bytes.utf8(SECRET_VALUE)).ok();
    }
    wish =
        "{\"prefix\":\"a/\",\"account\":\"%s\",\"namespace\":\"%s\",\"grant\":\""
            .formatted(Launch.ACCOUNT, namespace);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T kept(T server) {
    open.add(server);
    return server;
  }

  private RestClient client(Where where, String grant) throws Exception {
    String secret = origin.token(wish + grant + "\"}").path("secret").asString();
    GuardedServer server = origin;
    if (where == Where.EDGE) {
      String own = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      GuardedServer edge =
          kept(
              GuardedServer.edge(
                  folder.resolve("edge"), InstantSource.system(), origin.uri(), own));
      Polling.await(
          "the token has arrived",
          () -> edge.status(RestClient.value(namespace, "a/1"), secret) == 200);
      server = edge;
    }
    return kept(new RestClient(server.uri(), Version.HTTP_1_1, secret));
  }

  private static Reply ask(RestClient client, String method, String path, String body) {
    return client.send(method, path, BodyPublishers.ofString(body));
  }

  private String ofNamespace(String rest) {
    return "/v1/namespaces/" + namespace + rest;
  }

  @ParameterizedTest
  @EnumSource
  void readsOnlyItsPrefix(Where where) throws Exception {
    RestClient client = client(where, "read");

    for (String path :
        List.of(
            RestClient.value(namespace, "b/1"),
            RestClient.namespace(namespace) + "/metadata/b%2F1",
            ofNamespace("/values/b%2F1"),
            ofNamespace("/values/a"),
            "/kv/" + namespace + "/b%2F1")) {
      assertThat(ask(client, "GET", path, "").status()).as(path).isEqualTo(404);
    }
    for (String path :
        List.of(
            RestClient.namespace(namespace) + "/keys",
            RestClient.namespace(namespace) + "/keys?prefix=a",
            "/kv/" + namespace,
            ofNamespace("/keys"))) {
      String body = ask(client, "GET", path, "").ok().body().utf8();
      assertThat(body).as(path).contains("a/1", "a/3").doesNotContain("b/1").doesNotContain("z\"");
    }
    String others = RestClient.namespace(namespace) + "/keys?prefix=b";
    assertThat(ask(client, "GET", others, "").ok().json().path("result").size()).isZero();
    assertThat(count(client, "/count")).isEqualTo(3);
    assertThat(count(client, "/count?prefix=b")).isZero();
    assertThat(count(client, "/count?prefix=a%2F1")).isEqualTo(1);
    String keys = "{\"keys\":[\"b/1\",\"a/1\",\"z\",\"a/2\"]}";
    for (String path :
        List.of(
            RestClient.namespace(namespace) + "/bulk/get",
            "/kv/" + namespace + "/bulk/get",
            ofNamespace("/bulk/get"))) {
      String body = ask(client, "POST", path, keys).ok().body().utf8();
      assertThat(body).as(path).contains("own").doesNotContain(SECRET_VALUE);
    }
  }

  private long count(RestClient client, String path) {
    return ask(client, "GET", ofNamespace(path), "").ok().json().path("count").asLong();
  }

  @Test
  void aPageEndsAtTheEndOfThePrefix() throws Exception {
    RestClient client = client(Where.ORIGIN, "read");
    String keys = RestClient.namespace(namespace) + "/keys?limit=10";

    assertThat(
            ask(client, "GET", keys, "")
                .ok()
                .json()
                .path("result_info")
                .path("cursor")
                .asString("missing"))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void changesOnlyItsPrefix(Where where) throws Exception {
    RestClient client = client(where, "write");
    String rest = RestClient.namespace(namespace);
    String pairs = "[{\"key\":\"a/9\",\"value\":\"x\"},{\"key\":\"b/9\",\"value\":\"x\"}]";

    for (String[] each :
        new String[][] {
          {"PUT", RestClient.value(namespace, "b/1"), "x"},
          {"DELETE", RestClient.value(namespace, "b/1"), ""},
          {"PUT", ofNamespace("/values/b%2F1"), "x"},
          {"DELETE", ofNamespace("/values/b%2F1"), ""},
          {"POST", ofNamespace("/increment/b%2F1"), ""},
          {"DELETE", ofNamespace("/keys?prefix=b"), ""},
          {"PUT", "/kv/" + namespace + "/b%2F1", "x"},
          {"DELETE", "/kv/" + namespace + "/b%2F1", ""},
          {"PUT", rest + "/bulk", pairs},
          {"DELETE", rest + "/bulk", "[\"a/1\",\"b/1\"]"},
          {"POST", rest + "/bulk/delete", "[\"a/1\",\"b/1\"]"},
          {"PUT", ofNamespace("/staleness?bound=5000&past=refuse"), ""},
          {"PUT", rest, "{\"title\":\"other\"}"},
          {"DELETE", rest, ""},
        }) {
      assertThat(ask(client, each[0], each[1], each[2]).status())
          .as(each[0] + " " + each[1])
          .isEqualTo(403);
    }
    assertThat(origin.root().get(namespace, "b/1").body().utf8()).isEqualTo(SECRET_VALUE);
    assertThat(origin.root().get(namespace, "a/1").body().utf8()).isEqualTo("own");
    assertThat(origin.root().get(namespace, "a/9").status()).isEqualTo(404);

    ask(client, "PUT", RestClient.value(namespace, "a/4"), "x").ok();
    ask(client, "PUT", ofNamespace("/values/a%2F5"), "x").ok();
    ask(client, "PUT", "/kv/" + namespace + "/a%2F6", "x").ok();
    ask(client, "DELETE", ofNamespace("/keys?all=true"), "").ok();

    String left = ask(origin.root(), "GET", ofNamespace("/count"), "").ok().body().utf8();
    assertThat(left).isEqualTo("{\"count\":4}");
  }

  @ParameterizedTest
  @EnumSource
  void itsFeedContainsOnlyItsPrefix(Where where) throws Exception {
    RestClient client = client(where, "read");
    assertThat(ask(client, "GET", "/v1/feed", "").status()).isEqualTo(403);
    for (String form : List.of("application/x-ndjson", "text/event-stream")) {
      String last = "a/last-" + form.length();
      String path = "/v1/feed?namespace=" + namespace;
      try (var feed = new BufferedReader(reader(client.stream(path, "Accept", form)))) {
        origin.root().put(namespace, "a/1", Bytes.utf8("own")).ok();
        origin.root().put(namespace, "b/3", Bytes.utf8(SECRET_VALUE)).ok();
        ask(origin.root(), "DELETE", ofNamespace("/keys?prefix=b"), "").ok();
        ask(origin.root(), "DELETE", ofNamespace("/keys?prefix=a"), "").ok();
        origin.root().put(namespace, last, Bytes.utf8("own")).ok();

        var seen = new StringBuilder();
        for (String line = feed.readLine(); line != null; line = feed.readLine()) {
          seen.append(line);
          if (line.contains(last)) {
            break;
          }
        }

        assertThat(seen.toString())
            .contains("a/1", "\"a/\"")
            .doesNotContain("b/")
            .doesNotContain("\"a\"")
            .doesNotContain("\"b\"");
      }
    }
  }

  private static Reader reader(InputStream in) {
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }

  @Test
  void aPrefixRequiresReadOrWriteAndANamespace() {
    for (String body :
        List.of(
            wish + "admin\"}",
            "{\"grant\":\"read\",\"prefix\":\"a/\"}",
            "{\"grant\":\"replicate\",\"prefix\":\"a/\"}",
            "{\"grant\":\"read\",\"prefix\":\"a/\",\"account\":\"" + Launch.ACCOUNT + "\"}",
            wish.replace("a/", "\\ud800") + "read\"}",
            wish.replace("a/", "x".repeat(513)) + "read\"}")) {
      Reply reply = ask(origin.root(), "POST", "/v1/tokens", body);
      assertThat(reply.status()).as(body).isBetween(400, 414);
      assertThat(reply.body().utf8()).contains("error");
    }
  }
}
