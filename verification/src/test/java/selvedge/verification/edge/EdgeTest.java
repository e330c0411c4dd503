package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

final class EdgeTest {
  private static final int KILLS = Integer.getInteger("kills", 2);
  private static final String UNKNOWN = "0".repeat(31) + "1";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region origin(String... arguments) {
    return Region.of(servers.startHere(Launch.on(folder.resolve("origin")).with(arguments)));
  }

  private Launch edge(URI origin, String location) {
    return Launch.on(folder.resolve(location)).follow(origin, location);
  }

  private Region follow(Region origin, String location, String... arguments) throws Exception {
    Launch launch = edge(origin.server().uri(), location).with(arguments);
    Region edge = Region.of(servers.startHere(launch));
    edge.complete();
    return edge;
  }

  private static Bytes random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return Bytes.adopt(bytes);
  }

  private static void fill(RestClient client, String namespace, int from, int to) {
    StringBuilder pairs = new StringBuilder();
    for (int i = from; i < to; i++) {
      pairs.append(i == from ? "[" : ",").append("{\"key\":\"k").append(i);
      pairs.append("\",\"value\":\"v").append(i).append("\",\"metadata\":{\"i\":").append(i);
      pairs.append("}}");
    }
    client.bulkPut(namespace, pairs.append("]").toString()).ok();
  }

  /** A report of 300 edges is larger than a server takes. */
  @Test
  void anEdgeThatManyEdgesFollowStillReports() throws Exception {
    try (Region origin = origin();
        Region edge = follow(origin, "fra")) {
      for (int i = 0; i < 300; i++) {
        String report = "{\"location\":\"e" + i + "\",\"more\":\"" + "x".repeat(1000) + "\"}";
        edge.client().send("POST", "/v1/position", BodyPublishers.ofString(report)).ok();
      }

      Polling.await(
          "the number of its edges",
          () ->
              origin.status().path("edges").path(0).path("status").path("edges_omitted").asInt()
                  == 300);

      assertThat(edge.status().path("edges")).hasSize(300);
    }
  }

  @Test
  void anEdgeLoadsASnapshotAndAppliesAllChanges() throws Exception {
    try (Region origin = origin()) {
      String namespace = origin.client().createNamespace("n");
      fill(origin.client(), namespace, 0, 3000);
      Bytes large = random(3_000_000, 1);
      origin.client().put(namespace, "large", large).ok();
      origin.client().put(namespace, "é/ü?#", Bytes.utf8("x"), "CF-KV-Metadata", "\"y\"").ok();
      try (Region edge = follow(origin, "fra")) {
        assertThat(edge.client().get(namespace, "large").ok().body()).isEqualTo(large);
        assertThat(edge.digest()).isEqualTo(origin.digest()).contains("3002");

        origin.client().delete(namespace, "k7").ok();
        Bytes other = random(2_000_000, 2);
        origin.client().put(namespace, "large", other).ok();
        origin.client().increment(namespace, "count", 5).ok();
        String late = origin.client().createNamespace("late");
        edge.catchUpWith(origin);

        assertThat(edge.client().get(namespace, "k7").status()).isEqualTo(404);
        assertThat(edge.client().get(namespace, "large").ok().body()).isEqualTo(other);
        assertThat(edge.client().get(namespace, "count").ok().body()).isEqualTo(Bytes.utf8("5"));
        assertThat(edge.client().get(late, "k").code()).isEqualTo(10009);
        assertThat(edge.client().list(namespace, "prefix=k&limit=1000").json().path("result"))
            .hasSize(1000);
        assertThat(edge.digest()).isEqualTo(origin.digest());
      }
    }
  }

  @Test
  void aWriteAtAnEdgeIsReadThereAtOnceAndStoredAtTheOrigin() throws Exception {
    try (Region origin = origin();
        Region edge = follow(origin, "fra");
        Region behind = follow(edge, "fra-2")) {
      for (Region each : List.of(edge, behind)) {
        RestClient client = each.client();
        String namespace = client.createNamespace("of " + each.server().uri().getPort());
        Reply put = client.put(namespace, "k", Bytes.utf8("v"), "CF-KV-Metadata", "{\"a\":1}");
        Reply read = client.get(namespace, "k").ok();
        assertThat(read.body()).isEqualTo(Bytes.utf8("v"));
        assertThat(read.header("CF-KV-Metadata")).isEqualTo("{\"a\":1}");
        assertThat(read.version()).isEqualTo(put.ok().version());
        assertThat(put.headers().firstValue("Selvedge-Visible")).isEmpty();

        Bytes large = random(5_000_000, 3);
        client.put(namespace, "large", large::open).ok();
        assertThat(client.get(namespace, "large").ok().body()).isEqualTo(large);
        fill(client, namespace, 0, 500);
        assertThat(client.get(namespace, "k499").ok().body()).isEqualTo(Bytes.utf8("v499"));
        assertThat(client.increment(namespace, "count", 2).ok().json().path("value").asLong())
            .isEqualTo(2);
        assertThat(client.put(namespace, "k", Bytes.EMPTY, "If-Match", "\"1\"").status())
            .isEqualTo(412);
        client.delete(namespace, "k").ok();
        assertThat(client.get(namespace, "k").status()).isEqualTo(404);
        client.deleteNamespace(namespace).ok();
        assertThat(client.get(namespace, "large").code()).isEqualTo(10013);
        assertThat(client.put(UNKNOWN, "k", Bytes.EMPTY).code()).isEqualTo(10013);
      }
      assertThat(origin.client().titles()).isEmpty();
    }
  }

  @Test
  void anEdgeWithoutItsOriginAnswersReadsWithTheirAge() throws Exception {
    Region origin = origin();
    String namespace = origin.client().createNamespace("serves");
    String strict = origin.client().createNamespace("refuses");
    for (String each : List.of(namespace, strict)) {
      origin.client().put(each, "k", Bytes.utf8("v")).ok();
    }
    String bound = "/v1/namespaces/refuses/staleness?bound=1500&past=refuse";
    origin.client().send("PUT", bound, BodyPublishers.noBody()).ok();
    try (Region edge = follow(origin, "fra")) {
      assertThat(edge.client().get(strict, "k").ok().body()).isEqualTo(Bytes.utf8("v"));
      int port = origin.server().uri().getPort();
      origin.server().close();

      Polling.await("a refusal", () -> edge.client().get(strict, "k").status() == 503);
      Reply refused = edge.client().get(strict, "k");
      assertThat(refused.body().utf8()).contains("allows 1500 ms");
      Reply first = edge.client().get(namespace, "k").ok();
      assertThat(first.body()).isEqualTo(Bytes.utf8("v"));
      long age = Long.parseLong(first.header("Selvedge-Age"));
      assertThat(age).isGreaterThanOrEqualTo(1500);
      Polling.await(
          "an age that grows",
          () ->
              Long.parseLong(edge.client().get(namespace, "k").ok().header("Selvedge-Age"))
                  > age + 500);
      assertThat(edge.client().list(namespace, "").ok().json().path("result")).hasSize(1);
      Reply write = edge.client().put(namespace, "k", Bytes.utf8("new"));
      assertThat(write.status()).isEqualTo(503);
      assertThat(write.body().utf8()).contains("the origin").contains("cannot be reached");
      assertThat(edge.client().get(namespace, "k", "Selvedge-Consistency", "strong").status())
          .isEqualTo(503);
      assertThat(edge.client().get(namespace, "k", "Selvedge-Max-Age", "1000").status())
          .isEqualTo(503);

      Region back = Region.of(servers.startHere(Launch.on(folder.resolve("origin")).listen(port)));
      back.client().put(strict, "k", Bytes.utf8("later")).ok();
      Polling.await(
          "the change",
          () -> {
            Reply read = edge.client().get(strict, "k");
            return read.isOk() && read.body().equals(Bytes.utf8("later"));
          });
      edge.client().put(namespace, "k", Bytes.utf8("new")).ok();
      assertThat(edge.client().get(namespace, "k").ok().body()).isEqualTo(Bytes.utf8("new"));
      back.close();
    }
    origin.close();
  }

  @Test
  void anEdgeThatIsKilledRepeatedlyContinuesFromItsVersion() throws Exception {
    try (Region origin = origin()) {
      String namespace = origin.client().createNamespace("n");
      fill(origin.client(), namespace, 0, 1000);
      var stop = new AtomicBoolean();
      var written = new AtomicInteger();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!stop.get()) {
                      int i = written.incrementAndGet();
                      Bytes value = i % 50 == 0 ? random(200_000, i) : Bytes.utf8("w" + i);
                      origin.client().put(namespace, "w" + i % 97, value).ok();
                      if (i % 13 == 0) {
                        origin.client().delete(namespace, "w" + i % 89).ok();
                      }
                    }
                  });
      Launch launch = edge(origin.server().uri(), "fra");
      ServerProcess edge = servers.start(launch);
      for (int i = 0; i < KILLS; i++) {
        int mark = written.get() + 20;
        Polling.await("writes", () -> written.get() >= mark);
        edge.kill();
        edge = servers.start(launch);
      }
      stop.set(true);
      writer.join();
      try (Region last = Region.of(edge)) {
        last.catchUpWith(origin);
        assertThat(last.digest()).isEqualTo(origin.digest());
        assertThat(edge.log()).doesNotContain("snapshot");
      }
    }
  }

  @Test
  void anEdgeBehindTheHorizonLoadsASnapshotWhileItServes() throws Exception {
    try (Region origin = origin("--limit", "feed-bytes=1048576")) {
      String namespace = origin.client().createNamespace("n");
      fill(origin.client(), namespace, 0, 1000);
      Launch launch = edge(origin.server().uri(), "fra");
      RunningServer before = servers.startHere(launch);
      long seen;
      try (Region edge = Region.of(before)) {
        edge.catchUpWith(origin);
        seen = edge.version();
      }
      before.close();
      for (int i = 0; i < 200; i++) {
        origin.client().put(namespace, "l" + i % 5, random(60_000, i)).ok();
      }
      Polling.await(
          "a horizon beyond " + seen, () -> origin.status().path("horizon").asLong() > seen);
      try (Region edge = Region.of(servers.start(launch))) {
        Polling.await("the snapshot", () -> edge.version() >= origin.version());
        edge.process().awaitLog("the loaded store replaces the earlier one");
        assertThat(edge.digest()).isEqualTo(origin.digest());
        origin.client().put(namespace, "after", Bytes.utf8("v")).ok();
        edge.catchUpWith(origin);
        assertThat(edge.client().get(namespace, "after").ok().body()).isEqualTo(Bytes.utf8("v"));
      }
    }
  }

  @Test
  void anInterruptedSnapshotIsContinuedAlsoAfterARestart() throws Exception {
    try (Region origin = origin();
        Relay relay = Relay.to(origin.server().address(), Duration.ofMillis(5))) {
      String namespace = origin.client().createNamespace("n");
      for (int i = 0; i < 60; i++) {
        origin.client().put(namespace, "k" + i, random(300_000, i)).ok();
      }
      relay.throttle(6_000_000);
      ServerProcess first = servers.spawn(edge(relay.uri(), "fra"));
      Path loading = folder.resolve("fra/store.loading");
      Polling.await("half of a snapshot", () -> bytes(loading) > 9_000_000);
      relay.cut();
      first.kill();
      origin.client().put(namespace, "k1", Bytes.utf8("changed")).ok();
      origin.client().delete(namespace, "k2").ok();
      origin.client().put(namespace, "k59", Bytes.utf8("changed")).ok();
      relay.restore();
      try (Region edge = Region.of(servers.start(edge(relay.uri(), "fra")))) {
        edge.process().awaitLog("continuing an interrupted snapshot");
        edge.catchUpWith(origin);
        assertThat(edge.digest()).isEqualTo(origin.digest());
      }
    }
  }

  private static long bytes(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (UncheckedIOException e) {
      // A file was deleted meanwhile; the next call sees the new state.
      return 0;
    }
  }

  @Test
  void anEdgeUsesTheLimitsOfItsOriginUnlessItSetsThem() throws Exception {
    try (Region origin = origin("--limit", "page-keys=5", "--limit", "bulk-get-keys=3");
        Region edge = follow(origin, "fra");
        Region other = follow(origin, "syd", "--limit", "page-keys=7")) {
      String namespace = origin.client().createNamespace("n");
      fill(origin.client(), namespace, 0, 20);
      edge.catchUpWith(origin);
      other.catchUpWith(origin);
      assertThat(edge.client().list(namespace, "").ok().json().path("result")).hasSize(5);
      assertThat(other.client().list(namespace, "").ok().json().path("result")).hasSize(7);
    }
  }

  @Test
  void aSilentConnectionIsReplaced() throws Exception {
    try (Region origin = origin("--limit", "heartbeat-seconds=1");
        Relay relay = Relay.to(origin.server().address(), Duration.ofMillis(5))) {
      String namespace = origin.client().createNamespace("n");
      Launch launch = edge(relay.uri(), "fra").limit("heartbeat-seconds", 1);
      try (Region edge = Region.of(servers.startHere(launch))) {
        edge.complete();
        Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
        relay.dropTraffic();
        Polling.await("a notice", () -> !edge.status().path("connected").asBoolean());
        origin.client().put(namespace, "k", Bytes.utf8("v")).ok();
        relay.resume();
        edge.catchUpWith(origin);
        relay.cut();
        Polling.await("a notice", () -> !edge.status().path("connected").asBoolean());
        origin.client().put(namespace, "k", Bytes.utf8("w")).ok();
        relay.restore();
        edge.catchUpWith(origin);
        assertThat(edge.client().get(namespace, "k").ok().body()).isEqualTo(Bytes.utf8("w"));
      }
    }
  }

  @Test
  void anAnswerThatTookLongIsNotOlderThanItsAge() throws Exception {
    Region origin = origin();
    String namespace = origin.client().createNamespace("n");
    origin.client().put(namespace, "k", Bytes.utf8("old")).ok();
    try (Region edge = follow(origin, "fra");
        var slow = new RawClient(edge.server().address())) {
      String padding = " ".repeat(200_000);
      String body = "{\"keys\":[\"k\"]" + padding + "}";
      slow.send(
          "POST /v1/namespaces/n/bulk/get HTTP/1.1\r\nHost: edge\r\nExpect: 100-continue\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      assertThat(slow.receiveHead()).isEqualTo(100);
      slow.send(body.substring(0, 150_000));
      long version = origin.client().put(namespace, "k", Bytes.utf8("new")).ok().version();
      long acknowledged = System.nanoTime();
      Polling.await(
          "an edge that was complete after the change",
          () -> edge.version() >= version && edge.age() < millisSince(acknowledged));
      long elapsed = millisSince(acknowledged);
      slow.send(body.substring(150_000));

      RawClient.Answer answer = slow.receive();
      assertThat(answer.status()).isEqualTo(200);
      long asOf = Long.parseLong(answer.headers().get("selvedge-as-of"));
      long age = Long.parseLong(answer.headers().get("selvedge-age"));
      assertThat(asOf >= version || age >= elapsed)
          .as("as of %d, of age %d ms; %d is %d ms old", asOf, age, version, elapsed)
          .isTrue();
    }
  }

  private static long millisSince(long moment) {
    return Duration.ofNanos(System.nanoTime() - moment).toMillis();
  }

  @Test
  void aReaderCanRequestAFreshness() throws Exception {
    try (Region origin = origin();
        Relay relay = Relay.to(origin.server().address(), Duration.ofMillis(150))) {
      String namespace = origin.client().createNamespace("n");
      try (Region edge = Region.of(servers.startHere(edge(relay.uri(), "far")))) {
        edge.complete();
        RestClient client = edge.client();
        for (int i = 0; i < 5; i++) {
          Bytes value = Bytes.utf8("v" + i);
          String version = Long.toString(origin.client().put(namespace, "k", value).ok().version());
          Reply session = client.get(namespace, "k", "Selvedge-At-Least", version).ok();
          assertThat(session.body()).isEqualTo(value);

          Bytes next = Bytes.utf8("w" + i);
          origin.client().put(namespace, "k", next).ok();
          Reply strong = client.get(namespace, "k", "Selvedge-Consistency", "strong").ok();
          assertThat(strong.body()).isEqualTo(next);
          assertThat(Long.parseLong(strong.header("Selvedge-Age"))).isGreaterThanOrEqualTo(150);
        }
        assertThat(client.get(namespace, "k", "Selvedge-At-Least", "999999").status())
            .isEqualTo(503);
        assertThat(client.get(namespace, "k", "Selvedge-At-Least", "new").status()).isEqualTo(400);
        assertThat(client.get(namespace, "k", "Selvedge-Consistency", "some").status())
            .isEqualTo(400);
      }
    }
  }

  @Test
  void anEdgeOfAGuardedOriginRequiresATokenAndAcceptsItsTokens() throws Exception {
    String root = "the-root-token-of-the-tests-of-edges";
    Launch guarded = Launch.on(folder.resolve("origin")).with("--root-token", root);
    try (Region origin = Region.of(servers.start(guarded))) {
      var admin = new RestClient(origin.server().uri(), HttpClient.Version.HTTP_1_1, root);
      String namespace = admin.createNamespace("n");
      admin.put(namespace, "k", Bytes.utf8("v")).ok();
      Launch launch = edge(origin.server().uri(), "fra").with("--origin-token", root);
      RunningServer edge = servers.startHere(launch);
      var there = new RestClient(edge.uri(), HttpClient.Version.HTTP_1_1, root);
      var withoutToken = edge.client();
      assertThat(withoutToken.get(namespace, "k").status()).isEqualTo(400);
      assertThat(withoutToken.put(namespace, "k", Bytes.EMPTY).status()).isEqualTo(400);
      assertThat(there.get(namespace, "k").ok().body()).isEqualTo(Bytes.utf8("v"));
      origin.process().awaitLog("which may administer everything");
      String made =
          there
              .send(
                  "POST",
                  "/v1/tokens",
                  BodyPublishers.ofString("{\"name\":\"reader\",\"grant\":\"read\"}"))
              .ok()
              .json()
              .path("secret")
              .asString();
      var reader = new RestClient(edge.uri(), HttpClient.Version.HTTP_1_1, made);
      assertThat(reader.get(namespace, "k").ok().body()).isEqualTo(Bytes.utf8("v"));
      assertThat(reader.put(namespace, "k", Bytes.EMPTY).status()).isEqualTo(403);
      there.close();
      reader.close();
      withoutToken.close();
      admin.close();
    }
  }
}
