package selvedge.verification.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class FeedTest {
  private static final String ROOT = "root-token-of-the-tests-of-clients";
  private static final JsonMapper JSON = JsonMapper.shared();

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  /** A reader of a feed. */
  private record Reader(BufferedReader lines) implements AutoCloseable {
    static Reader of(RestClient client, String query, String... headers) {
      var body = client.stream("/v1/feed" + query, headers);
      return new Reader(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
    }

    /** Returns the next line that is not a heartbeat. */
    JsonNode next() throws IOException {
      JsonNode json = JSON.readTree(lines.readLine());
      while (json.has("heartbeat")) {
        json = JSON.readTree(lines.readLine());
      }
      return json;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private static String words(JsonNode change) {
    return change.path("type").asString()
        + " "
        + change.path("key").asString(change.path("prefix").asString(""));
  }

  @Test
  void sendsChangesAsTheyHappenAndFromAnyVersion() throws IOException {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("feed");
      String mine = "&namespace=" + namespace;
      client.put(namespace, "a", Bytes.utf8("1"), "CF-KV-Metadata", "{\"x\":\"\\u00e9\"}").ok();
      try (Reader reader = Reader.of(client, "?after=0" + mine)) {
        JsonNode first = reader.next();
        assertThat(words(first)).isEqualTo("put a");
        assertThat(first.path("size").asInt()).isEqualTo(1);
        assertThat(first.path("metadata").path("x").asString()).isEqualTo("é");
        assertThat(first.path("namespace").asString()).isEqualTo(namespace);

        client.put(namespace, "é/b", Bytes.EMPTY).ok();
        client.delete(namespace, "a").ok();
        client.send("DELETE", "/v1/namespaces/feed/keys?prefix=p", BodyPublishers.noBody()).ok();
        assertThat(words(reader.next())).isEqualTo("put é/b");
        JsonNode delete = reader.next();
        assertThat(words(delete)).isEqualTo("delete a");
        assertThat(words(reader.next())).isEqualTo("clear p");

        String again = "?after=" + delete.path("version").asLong() + mine;
        try (Reader later = Reader.of(client, again)) {
          assertThat(words(later.next())).isEqualTo("clear p");
        }
      }
    }
  }

  @Test
  void sendsEachChangeOnceDuringManyWrites() throws Exception {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String namespace = client.createNamespace("feed");
      List<Future<List<Long>>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        readers.add(
            threads.submit(
                () -> {
                  List<Long> versions = new ArrayList<>();
                  try (Reader reader = Reader.of(client, "?after=0&namespace=" + namespace)) {
                    while (versions.size() < 1000) {
                      versions.add(reader.next().path("version").asLong());
                    }
                  }
                  return versions;
                }));
      }
      List<Long> written =
          IntStream.range(0, 1000)
              .parallel()
              .mapToObj(i -> client.put(namespace, "k" + i % 7, Bytes.utf8("v" + i)).version())
              .sorted()
              .toList();
      for (Future<List<Long>> reader : readers) {
        assertThat(reader.get()).isEqualTo(written);
      }
    }
  }

  @Test
  void browsersReadEventsAndContinueAfterTheLastOne() throws IOException {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("feed");
      long first = client.put(namespace, "a", Bytes.utf8("1")).version();
      client.put(namespace, "b", Bytes.utf8("2")).ok();
      String query = "?namespace=" + namespace;
      String[] headers = {"Accept", "text/event-stream", "Last-Event-ID", Long.toString(first)};
      try (Reader reader = Reader.of(client, query, headers)) {
        assertThat(reader.lines().readLine()).isEqualTo("event: heartbeat");
        assertThat(reader.lines().readLine()).startsWith("data: {\"heartbeat\":" + first);
        assertThat(reader.lines().readLine()).isEmpty();
        assertThat(reader.lines().readLine()).isEqualTo("id: " + (first + 1));
        assertThat(reader.lines().readLine()).startsWith("data: {\"version\":" + (first + 1));
        assertThat(reader.lines().readLine()).isEmpty();
      }
    }
  }

  @Test
  void refusesTrimmedVersionsAndOtherEpochs() {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client()) {
      client.createNamespace("feed");
      Reply future = client.send("GET", "/v1/feed?after=1000", BodyPublishers.noBody());
      assertThat(future.status()).isEqualTo(410);
      Reply epoch = client.send("GET", "/v1/feed?after=0&epoch=1", BodyPublishers.noBody());
      assertThat(epoch.status()).isEqualTo(410);
      assertThat(epoch.body().utf8()).contains("lineage-changed", "up to version 0");
      assertThat(client.send("GET", "/v1/feed?after=x", BodyPublishers.noBody()).status())
          .isEqualTo(400);
    }
  }

  @Test
  void onlyTokensForAllAccountsReadAllChanges() throws IOException {
    ServerProcess server = servers.start(Launch.on(data).with("--root-token", ROOT));
    try (var root = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, ROOT)) {
      String namespace = root.createNamespace("feed");
      String wish =
          "{\"name\":\"reader\",\"grant\":\"read\",\"account\":\"" + Launch.ACCOUNT + "\"}";
      String secret =
          root.send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
              .ok()
              .json()
              .path("secret")
              .asString();
      root.put(namespace, "k", Bytes.utf8("v")).ok();
      try (var reader = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, secret)) {
        assertThat(reader.send("GET", "/v1/feed", BodyPublishers.noBody()).status()).isEqualTo(403);
        try (Reader feed = Reader.of(reader, "?after=0&namespace=feed")) {
          assertThat(words(feed.next())).isEqualTo("put k");
        }
      }
      try (Reader feed = Reader.of(root, "?after=0")) {
        assertThat(words(feed.next()))
            .as("changes without tokens and namespaces")
            .isEqualTo("put k");
      }
    }
  }

  @Test
  void aFeedEndsWithAMessageWhenTheServerStops() throws IOException {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client();
        Reader reader = Reader.of(client, "")) {
      reader.lines().readLine();
      server.signalEnd();
      assertThat(reader.next().path("error").path("code").asString()).isEqualTo("stopping");
      assertThat(reader.lines().readLine()).isNull();
      assertThat(server.awaitExit()).isZero();
    }
  }

  @Test
  void readersDoNotCountAsRequestsInFlightAndHaveTheirOwnLimit() throws IOException {
    ServerProcess server =
        servers.start(Launch.on(data).limit("feeds", 2).limit("requests-in-flight", 1));
    try (RestClient client = server.client();
        Reader one = Reader.of(client, "");
        Reader two = Reader.of(client, "")) {
      one.lines().readLine();
      two.lines().readLine();
      try (Reader three = Reader.of(client, "")) {
        assertThat(three.next().path("error").path("code").asString()).isEqualTo("overloaded");
      }
      assertThat(client.createNamespace("still works")).isNotEmpty();
    }
  }
}
