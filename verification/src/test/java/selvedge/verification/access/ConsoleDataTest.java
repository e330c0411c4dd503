package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Edits, histories, the feed of events and the overview, as the console requests them. */
final class ConsoleDataTest {
  @TempDir static Path folder;

  private static GuardedServer server;

  private String namespace = "";

  @BeforeAll
  static void start() {
    server =
        GuardedServer.origin(
            folder.resolve("origin"), InstantSource.system(), "limits.histories", "1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() {
    namespace = server.root().createNamespace("n-" + System.nanoTime());
  }

  private String path(String rest) {
    return "/v1/namespaces/" + namespace + rest;
  }

  private Reply send(String method, String rest, BodyPublisher body, String... headers) {
    return server.root().send(method, path(rest), body, headers);
  }

  private Reply put(String key, String value, String query) {
    return send("PUT", "/values/" + key + query, BodyPublishers.ofString(value)).ok();
  }

  private Reply edit(String key, String query, String... headers) {
    return send("PATCH", "/values/" + key + query, BodyPublishers.noBody(), headers);
  }

  private Reply get(String key) {
    return send("GET", "/values/" + key, BodyPublishers.noBody());
  }

  @Test
  void anEditKeepsWhatItDoesNotChange() {
    Reply first = put("k", "one", "?metadata=%7B%22a%22:1%7D&expires=4000000000123");

    Reply value = send("PATCH", "/values/k", BodyPublishers.ofString("two"));
    assertThat(value.status()).isEqualTo(200);
    assertThat(get("k").body().utf8()).isEqualTo("two");
    assertThat(get("k").header("CF-KV-Metadata")).isEqualTo("{\"a\":1}");
    assertThat(get("k").header("Selvedge-Expires")).isEqualTo("4000000000123");
    assertThat(get("k").version()).isGreaterThan(first.version());

    edit("k", "?metadata=%22new%22").ok();
    assertThat(get("k").header("CF-KV-Metadata")).isEqualTo("\"new\"");
    assertThat(get("k").header("Selvedge-Expires")).isEqualTo("4000000000123");

    edit("k", "?expires=never").ok();
    assertThat(get("k").header("Selvedge-Expires")).isEmpty();
    assertThat(get("k").header("CF-KV-Metadata")).isEqualTo("\"new\"");

    edit("k", "?metadata=&expires=4000000000000").ok();
    assertThat(get("k").header("CF-KV-Metadata")).isEmpty();
    assertThat(get("k").header("Selvedge-Expires")).isEqualTo("4000000000000");
    assertThat(get("k").body().utf8()).isEqualTo("two");
  }

  @Test
  void anEditOfALargeValueDoesNotSendIt() {
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    server.root().put(namespace, "large", Bytes.adopt(large)).ok();

    edit("large", "?metadata=1").ok();

    assertThat(get("large").body()).isEqualTo(Bytes.adopt(large));
    assertThat(get("large").header("CF-KV-Metadata")).isEqualTo("1");
  }

  @Test
  void anEditOfAnOlderVersionIsRefused() {
    Reply first = put("k", "one", "");
    Reply second = put("k", "two", "");

    Reply late = edit("k", "?metadata=1", "If-Match", first.header("ETag"));
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.header("Selvedge-Version")).isEqualTo(Long.toString(second.version()));
    assertThat(edit("k", "?metadata=1", "If-Match", second.header("ETag")).status()).isEqualTo(200);
    assertThat(edit("none", "?metadata=1").status()).isEqualTo(404);
    assertThat(edit("none", "?metadata=1", "If-Match", "\"1\"").status()).isEqualTo(412);
    assertThat(edit("k", "?metadata=1", "If-None-Match", "*").status()).isEqualTo(400);
    assertThat(edit("k", "?metadata=%7B").status()).isEqualTo(400);
  }

  private List<JsonNode> history(String key) {
    String body = send("GET", "/history/" + key, BodyPublishers.noBody()).ok().body().utf8();
    return body.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  @Test
  void aHistoryHasEveryVersionAndSaysHowFarBackItGoes() {
    Reply first = put("k", "one", "?metadata=%7B%22a%22:1%7D");
    put("other", "x", "");
    Reply deleted = send("DELETE", "/values/k", BodyPublishers.noBody()).ok();
    Reply cleared = send("DELETE", "/keys?all=true", BodyPublishers.noBody()).ok();
    Reply last = put("k", "three", "");

    List<JsonNode> lines = history("k");

    assertThat(lines.stream().filter(line -> line.has("type")).map(JsonNode::toString))
        .hasSize(4)
        .satisfiesExactly(
            put -> assertThat(put).contains("\"version\":" + first.version(), "\"size\":3"),
            delete -> assertThat(delete).contains("\"version\":" + deleted.version(), "delete"),
            clear -> assertThat(clear).contains("\"version\":" + cleared.version(), "clear"),
            put -> assertThat(put).contains("\"version\":" + last.version(), "\"size\":5"));
    assertThat(lines.getFirst().path("progress").path("percent").asInt()).isZero();
    assertThat(lines.getLast().path("complete").asBoolean()).isTrue();
    assertThat(lines.getLast().path("from_start").asBoolean()).isTrue();

    String old = "/history/k?version=" + first.version();
    Reply value = send("GET", old, BodyPublishers.noBody()).ok();
    assertThat(value.body().utf8()).isEqualTo("one");
    assertThat(value.header("CF-KV-Metadata")).isEqualTo("{\"a\":1}");
    String none = "/history/k?version=" + deleted.version();
    assertThat(send("GET", none, BodyPublishers.noBody()).status()).isEqualTo(404);
    assertThat(send("GET", "/history/k?version=x", BodyPublishers.noBody()).status())
        .isEqualTo(400);
  }

  @Test
  void aTokenForAPrefixHasNoHistoryOfOtherKeys() {
    put("a/1", "v", "");
    put("b/1", "v", "");
    String secret =
        server
            .token(
                "{\"grant\":\"read\",\"prefix\":\"a/\",\"account\":\"%s\",\"namespace\":\"%s\"}"
                    .formatted(Launch.ACCOUNT, namespace))
            .path("secret")
            .asString();
    try (var part = new RestClient(server.uri(), Version.HTTP_1_1, secret)) {
      String query = "?account=" + Launch.ACCOUNT;
      assertThat(part.send("GET", path("/history/a%2F1" + query), BodyPublishers.noBody()).status())
          .isEqualTo(200);
      assertThat(part.send("GET", path("/history/b%2F1" + query), BodyPublishers.noBody()).status())
          .isEqualTo(404);
    }
  }

  /** A feed of server-sent events. */
  private record Events(BufferedReader lines) implements AutoCloseable {
    static Events of(String query) {
      return new Events(
          new BufferedReader(
              new InputStreamReader(
                  server.root().stream("/v1/feed?" + query, "Accept", "text/event-stream"),
                  StandardCharsets.UTF_8)));
    }

    /** Returns the data of the next event of a kind; an empty name stands for a change. */
    JsonNode next(String event) throws IOException {
      String name = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ") && name.equals(event)) {
          return JsonMapper.shared().readTree(line.substring("data: ".length()));
        } else if (line.isEmpty()) {
          name = "";
        }
      }
      throw new IOException("the feed has ended");
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  @Test
  void aFeedHasTheTypesThatAreRequested() throws Exception {
    try (Events all = Events.of("type=delete,clear&prefix=k");
        Events part = Events.of("type=put&namespace=" + namespace)) {
      all.next("heartbeat");
      part.next("heartbeat");
      put("k1", "v", "");
      send("DELETE", "/values/other", BodyPublishers.noBody()).ok();
      send("DELETE", "/values/k1", BodyPublishers.noBody()).ok();

      JsonNode delete = all.next("");
      assertThat(delete.path("type").asString()).isEqualTo("delete");
      assertThat(delete.path("key").asString()).isEqualTo("k1");
      assertThat(part.next("").path("key").asString()).isEqualTo("k1");
    }
    Reply bad = server.root().send("GET", "/v1/feed?type=expire", BodyPublishers.noBody());
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.body().utf8()).contains("put, delete, clear");
  }

  @Test
  void aFeedSendsAtMostTheRequestedNumberOfChangesInASecond() throws Exception {
    String changes =
        "[" + "{\"key\":\"a\",\"value\":\"v\"},".repeat(99) + "{\"key\":\"a\",\"value\":\"v\"}]";
    try (Events events = Events.of("most=10&namespace=" + namespace)) {
      events.next("heartbeat");
      server.root().bulkPut(namespace, changes.replace("\"a\"", "\"k\"")).ok();
      long sum = 0;
      long shown = 0;
      while (sum == 0) {
        JsonNode rate = events.next("rate");
        sum += rate.path("changes").asLong();
        shown += rate.path("shown").asLong();
      }
      assertThat(sum).isPositive();
      assertThat(shown).isLessThanOrEqualTo(10);
    }
    assertThat(server.root().send("GET", "/v1/feed?most=1", BodyPublishers.noBody()).status())
        .isEqualTo(400);
  }

  @Test
  void theOverviewHasWhatTheCallerMayRead() throws Exception {
    put("k", "v", "");
    List<JsonNode> seen = new ArrayList<>();
    Polling.await(
        "the namespaces are counted",
        () -> {
          JsonNode overview =
              server
                  .root()
                  .send("GET", "/v1/overview?count=true", BodyPublishers.noBody())
                  .ok()
                  .json();
          seen.add(overview);
          return overview
              .path("namespaces")
              .valueStream()
              .anyMatch(
                  each ->
                      each.path("id").asString().equals(namespace)
                          && each.path("keys").asLong(0) == 1);
        });
    JsonNode overview = seen.getLast();
    assertThat(overview.path("disk").path("free_bytes").asLong()).isPositive();
    assertThat(overview.path("requests").path("reads").asLong()).isPositive();
    assertThat(overview.path("attention").isArray()).isTrue();

    String secret =
        server
            .token(
                "{\"grant\":\"read\",\"account\":\"%s\",\"namespace\":\"%s\"}"
                    .formatted(Launch.ACCOUNT, namespace))
            .path("secret")
            .asString();
    try (var one = new RestClient(server.uri(), Version.HTTP_1_1, secret)) {
      JsonNode part = one.send("GET", "/v1/overview", BodyPublishers.noBody()).ok().json();
      assertThat(part.path("namespaces").size()).isEqualTo(1);
      assertThat(part.has("disk")).isFalse();
      assertThat(part.has("attention")).isFalse();
    }
  }

  @Test
  void theLimitsOfTheServerAreListed() {
    JsonNode limits = server.root().send("GET", "/v1/limits", BodyPublishers.noBody()).ok().json();

    assertThat(limits.path("limits").valueStream())
        .anyMatch(
            limit ->
                limit.path("name").asString().equals("histories")
                    && limit.path("value").asInt() == 1)
        .anyMatch(
            limit ->
                limit.path("name").asString().equals("reads-per-day")
                    && limit.path("value").isNull());
  }
}
