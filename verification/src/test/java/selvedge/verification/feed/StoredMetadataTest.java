package selvedge.verification.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Metadata that is not JSON, from an attacker or from an earlier version. */
final class StoredMetadataTest {
  private static final BodyPublisher NONE = BodyPublishers.noBody();
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FORGED_EVENT =
      "1}\n{\"version\":1,\"type\":\"put\",\"namespace\":\"ffffffffffffffffffffffffffffffff\"}\n";
  private static final String FORGED_ROW = "1},{\"name\":\"forged\"";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private static Mutation put(String key, String metadata) {
    return new Mutation.Put(
        Key.of(key), Bytes.utf8("v"), Metadata.stored(Bytes.utf8(metadata)), Expiry.NEVER);
  }

  private static Reply bulk(RestClient client, String namespace, Mutation... mutations)
      throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    var id = new NamespaceId(namespace);
    for (Mutation mutation : mutations) {
      writer.write(new Message.Changed(new Change(Version.NONE, Instant.EPOCH, id, mutation)));
    }
    writer.write(new Message.End(mutations.length, ""));
    return client.send(
        "POST",
        "/v1/namespaces/" + namespace + "/bulk",
        BodyPublishers.ofByteArray(out.toByteArray()));
  }

  private static List<String> lines(RestClient client, long after, String accept, int count)
      throws IOException {
    try (var body = client.stream("/v1/feed?after=" + after, "Accept", accept);
        var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isEmpty()).limit(count).toList();
    }
  }

  @Test
  void aBulkWriteWithMetadataThatIsNotJsonChangesNothing() throws IOException {
    RunningServer server = servers.startHere(Launch.on(folder));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("n");

      for (String bad : List.of("not json", FORGED_EVENT, FORGED_ROW, "{\"a\":1}\n\n", "\n")) {
        boolean json = bad.startsWith("{");
        Reply reply = bulk(client, namespace, put("good", "{}"), put("bad", bad));

        assertThat(reply.status()).as(bad).isEqualTo(json ? 200 : 400);
      }

      assertThat(client.list(namespace, "").ok().json().path("result").toString())
          .isEqualTo(
              "[{\"name\":\"bad\",\"metadata\":{\"a\":1}},{\"name\":\"good\",\"metadata\":{}}]");
      for (String line : lines(client, 0, "application/x-ndjson", 3)) {
        JSON.readTree(line);
      }
    }
  }

  /** Writes metadata that earlier versions accepted into the directory of a stopped server. */
  private static void writeAsEarlier(Path data, String namespace) throws IOException {
    var id = new NamespaceId(namespace);
    try (RocksStore store =
        RocksStore.open(
            new StoreDirectory(data).store(),
            Limits.of(Profile.OPEN),
            InstantSource.system(),
            new Random(1))) {
      for (Mutation mutation :
          List.of(
              put("event", FORGED_EVENT), put("row", FORGED_ROW), put("lines", "{\r\n\"a\":1}"))) {
        store.commit(List.of(new Change(store.latest().next(), Instant.now(), id, mutation)));
      }
    }
  }

  private static void answersStrings(RestClient client, String namespace) throws IOException {
    JsonNode page = client.list(namespace, "").ok().json().path("result");
    assertThat(page).hasSize(3);
    assertThat(page.path(0).path("metadata").asString()).isEqualTo(FORGED_EVENT);
    assertThat(page.path(1).path("metadata").path("a").asInt()).isEqualTo(1);
    assertThat(page.path(2).path("metadata").asString()).isEqualTo(FORGED_ROW);
    Reply get = client.get(namespace, "event").ok();
    assertThat(JSON.readTree(get.header("CF-KV-Metadata")).asString()).isEqualTo(FORGED_EVENT);
    assertThat(client.get(namespace, "lines").header("CF-KV-Metadata")).isEqualTo("{\"a\":1}");
    assertThat(
            client
                .send("GET", RestClient.namespace(namespace) + "/metadata/row", NONE)
                .ok()
                .json()
                .path("result")
                .asString())
        .isEqualTo(FORGED_ROW);
    JsonNode many =
        client
            .send(
                "POST",
                RestClient.namespace(namespace) + "/bulk/get",
                BodyPublishers.ofString("{\"keys\":[\"event\",\"row\"],\"withMetadata\":true}"))
            .ok()
            .json();
    assertThat(many.path("result").path("values").path("row").path("metadata").asString())
        .isEqualTo(FORGED_ROW);
    JsonNode bound = client.send("GET", "/kv/n/?key_count_limit=10", NONE).ok().json();
    assertThat(JSON.readTree(bound.path("keys").path(0).path("metadata").asString()).asString())
        .isEqualTo(FORGED_EVENT);
  }

  private static void answersFeeds(RestClient client, long after) throws IOException {
    for (String line : lines(client, after, "application/x-ndjson", 4)) {
      assertThat(JSON.readTree(line).path("namespace").asString("")).doesNotStartWith("ffff");
    }
    for (String line : lines(client, after, "text/event-stream", 8)) {
      assertThat(line)
          .matches("(id: \\d+|event: heartbeat|data: \\{.*\"(version|heartbeat)\":.*\\})");
      assertThat(line).doesNotStartWith("data: {\"version\":1,\"type\"");
    }
  }

  @Test
  void returnsMetadataOfAnEarlierVersionAsAString() throws Exception {
    RunningServer before = servers.startHere(Launch.on(folder));
    String namespace = before.client().createNamespace("n");
    before.close();
    writeAsEarlier(folder, namespace);
    RunningServer server = servers.startHere(Launch.on(folder));
    try (RestClient client = server.client()) {
      answersStrings(client, namespace);
      answersFeeds(client, 0);
      countsTwo(client);

      ProcessResult status = Command.run("status", server.uri().toString()).ok();

      assertThat(status.text()).contains("2 entries have metadata that is not JSON");
    }
    server.close();
    ProcessResult export = Command.run("export", "--after", "0", "--data", folder.toString()).ok();
    export.text().lines().filter(line -> line.startsWith("{")).forEach(JSON::readTree);
  }

  private RunningServer follow(RunningServer origin, String location) {
    return servers.startHere(Launch.on(folder.resolve(location)).follow(origin.uri(), location));
  }

  private static boolean hasThree(RestClient client, String namespace) {
    return client.list(namespace, "").ok().json().path("result").size() == 3;
  }

  private static void countsTwo(RestClient client) throws Exception {
    Polling.await(
        "two entries with metadata that is not JSON",
        () ->
            client.send("GET", "/v1/status", NONE).ok().json().path("metadata_not_json").asInt(-1)
                == 2);
  }

  @Test
  void anEdgeReturnsItAsAStringToo() throws Exception {
    Path data = folder.resolve("origin");
    RunningServer origin = servers.startHere(Launch.on(data));
    String namespace = origin.client().createNamespace("n");
    RunningServer edge = follow(origin, "edge");
    try (RestClient client = edge.client()) {
      long after = client.send("GET", "/v1/status", NONE).ok().json().path("version").asLong();
      origin.close();
      writeAsEarlier(data, namespace);
      RunningServer again = servers.startHere(Launch.on(data).listen(origin.uri().getPort()));
      Polling.await("three keys", () -> hasThree(client, namespace));

      answersStrings(client, namespace);
      answersFeeds(client, after);
      RunningServer late = follow(again, "late");
      answersStrings(late.client(), namespace);
      countsTwo(late.client());
    }
  }
}
