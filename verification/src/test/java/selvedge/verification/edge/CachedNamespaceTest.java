package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Selvedge;
import selvedge.verification.process.Command;
import selvedge.verification.process.Directories;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

final class CachedNamespaceTest {

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region origin;
  private String cached;
  private String whole;

  @BeforeEach
  void start() {
    origin = Region.of(servers.startHere(Launch.on(folder.resolve("origin"))));
    cached = origin.client().createNamespace("cached");
    whole = origin.client().createNamespace("whole");
    for (String each : List.of(cached, whole)) {
      for (int i = 0; i < 20; i++) {
        origin.client().put(each, "k" + i, Bytes.utf8("v" + i), "CF-KV-Metadata", "" + i).ok();
      }
    }
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private Launch launch(String... namespaces) {
    Launch launch = Launch.on(folder.resolve("fra")).follow(origin.server().uri(), "fra");
    return namespaces.length == 0 ? launch : launch.with("--cached", String.join(",", namespaces));
  }

  private Region edge(String... namespaces) throws Exception {
    Region edge = Region.of(servers.startHere(launch(namespaces)));
    edge.complete();
    return edge;
  }

  private static long misses(Region edge) {
    return edge.ask("/metrics")
        .ok()
        .body()
        .utf8()
        .lines()
        .filter(line -> line.startsWith("selvedge_edge_cached_misses_total"))
        .map(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anEdgeCachesReadEntriesAndAppliesTheirChanges() throws Exception {
    try (Region edge = edge(cached)) {
      RestClient client = edge.client();
      assertThat(edge.status().path("cached").path(0).asString()).isEqualTo(cached);
      Reply read = client.get(cached, "k1").ok();
      assertThat(read.body()).isEqualTo(Bytes.utf8("v1"));
      assertThat(read.header("CF-KV-Metadata")).isEqualTo("1");
      assertThat(read.version()).isEqualTo(origin.client().get(cached, "k1").ok().version());
      assertThat(client.get(cached, "none").code()).isEqualTo(10009);
      assertThat(misses(edge)).isEqualTo(2);
      assertThat(client.get(cached, "none").code()).isEqualTo(10009);
      assertThat(client.get(cached, "k1").ok().body()).isEqualTo(Bytes.utf8("v1"));
      assertThat(client.get(whole, "k1").ok().body()).isEqualTo(Bytes.utf8("v1"));
      assertThat(misses(edge)).isEqualTo(2);

      origin.client().put(cached, "k1", Bytes.utf8("new")).ok();
      origin.client().put(cached, "none", Bytes.utf8("some")).ok();
      edge.catchUpWith(origin);
      assertThat(client.get(cached, "k1").ok().body()).isEqualTo(Bytes.utf8("new"));
      assertThat(client.get(cached, "none").ok().body()).isEqualTo(Bytes.utf8("some"));
      assertThat(misses(edge)).isEqualTo(2);

      client.put(cached, "k1", Bytes.utf8("own")).ok();
      assertThat(client.get(cached, "k1").ok().body()).isEqualTo(Bytes.utf8("own"));
      client.delete(cached, "k1").ok();
      assertThat(client.get(cached, "k1").status()).isEqualTo(404);
      String prefix = "/v1/namespaces/cached/keys?prefix=k";
      client.send("DELETE", prefix, BodyPublishers.noBody()).ok();
      assertThat(client.get(cached, "k2").status()).isEqualTo(404);
      assertThat(client.get(cached, "none").ok().body()).isEqualTo(Bytes.utf8("some"));
    }
  }

  @Test
  void otherRequestsAreForwardedToTheOrigin() throws Exception {
    try (Region edge = edge(cached)) {
      RestClient client = edge.client();
      assertThat(client.list(cached, "limit=1000").ok().json().path("result")).hasSize(20);
      String count = "/v1/namespaces/cached/count?prefix=k1";
      assertThat(edge.ask(count).ok().json().path("count").asLong()).isEqualTo(11);
      byte[] large = new byte[3_000_000];
      new Random(1).nextBytes(large);
      origin.client().put(cached, "large", Bytes.copyOf(large)).ok();
      origin.client().put(cached, "medium", Bytes.copyOf(large, 0, 200_000)).ok();
      assertThat(client.get(cached, "large").ok().body()).isEqualTo(Bytes.copyOf(large));
      assertThat(client.get(cached, "medium").ok().body().size()).isEqualTo(200_000);

      String keys = "{\"keys\":[\"k1\",\"k2\",\"gone\"],\"withMetadata\":true}";
      String bulk = RestClient.namespace(cached) + "/bulk/get";
      Reply many = client.send("POST", bulk, BodyPublishers.ofString(keys)).ok();
      assertThat(many.json().path("result").path("values").toString())
          .isEqualTo(
              "{\"k1\":{\"value\":\"v1\",\"metadata\":1},"
                  + "\"k2\":{\"value\":\"v2\",\"metadata\":2},\"gone\":null}");
      long before = misses(edge);
      client.send("POST", bulk, BodyPublishers.ofString(keys)).ok();
      assertThat(misses(edge)).isEqualTo(before);
      origin.client().put(cached, "text", Bytes.utf8("x".repeat(100_000))).ok();
      String withLarge = "{\"keys\":[\"k1\",\"text\"]}";
      Reply both = client.send("POST", bulk, BodyPublishers.ofString(withLarge)).ok();
      assertThat(both.json().path("result").path("values").path("text").asString())
          .hasSize(100_000);
    }
  }

  @Test
  void withoutItsOriginAnEdgeAnswersFromItsCache() throws Exception {
    try (Region edge = edge(cached)) {
      edge.client().get(cached, "k1").ok();
      origin.server().close();
      Polling.await("a notice", () -> !edge.status().path("connected").asBoolean());
      assertThat(edge.client().get(cached, "k1").ok().body()).isEqualTo(Bytes.utf8("v1"));
      Reply other = edge.client().get(cached, "k2");
      assertThat(other.status()).isEqualTo(503);
      assertThat(other.body().utf8()).contains("k2").contains("is not held here");
      assertThat(edge.client().list(cached, "").status()).isEqualTo(503);
      assertThat(edge.client().get(whole, "k2").ok().body()).isEqualTo(Bytes.utf8("v2"));
      assertThat(edge.client().list(whole, "").ok().json().path("result")).hasSize(20);
    }
  }

  @Test
  void anEdgeOfACachingEdgeHasAllEntries() throws Exception {
    try (Region edge = edge(cached)) {
      Launch behind = Launch.on(folder.resolve("syd")).follow(edge.server().uri(), "syd");
      try (Region second = Region.of(servers.startHere(behind))) {
        second.complete();
        origin.client().put(cached, "late", Bytes.utf8("v")).ok();
        second.catchUpWith(origin);
        assertThat(second.digest()).isEqualTo(origin.digest());
        assertThat(second.client().get(cached, "late").ok().body()).isEqualTo(Bytes.utf8("v"));
      }
    }
  }

  @Test
  void verifySkipsCachedNamespacesAndACachingEdgeCannotBePromoted() throws Exception {
    try (Region edge = edge(cached)) {
      edge.catchUpWith(origin);
      ProcessResult verified =
          Command.run(
                  "verify",
                  origin.server().uri().toString(),
                  "--against",
                  edge.server().uri().toString())
              .ok();
      assertThat(verified.text())
          .contains(cached + "  cached, not compared")
          .contains(whole + "  20 entries, the same")
          .endsWith("the same\n");
      try (RestClient owner = RestClient.ofOwner(folder.resolve("fra"))) {
        Reply promoted = owner.send("POST", "/v1/promote", BodyPublishers.noBody());
        assertThat(promoted.status()).isEqualTo(400);
        assertThat(promoted.body().utf8()).contains("use a server that has all data");
      }
    }
  }

  @Test
  void aRestartCanChangeTheCachedNamespaces() throws Exception {
    try (Region edge = edge(cached)) {
      edge.client().get(cached, "k1").ok();
      origin.client().put(cached, "late", Bytes.utf8("v")).ok();
      edge.catchUpWith(origin);
      edge.server().close();
    }
    try (Region edge = edge()) {
      edge.catchUpWith(origin);
      assertThat(edge.digest()).isEqualTo(origin.digest());
      edge.server().close();
    }
    try (Region edge = edge(cached, whole)) {
      assertThat(edge.digest()).isEmpty();
      assertThat(edge.client().get(whole, "k1").ok().body()).isEqualTo(Bytes.utf8("v1"));
    }
  }

  /** The first snapshot comes from a copy of the origin, which has other changes. */
  @Test
  void aStoreWithoutNamespacesThatItMustHaveIsNotOpenedIfTheLoadedOneIsRefused() throws Exception {
    origin.server().close();
    Directories.copy(folder.resolve("origin"), folder.resolve("copy"));
    origin = Region.of(servers.startHere(Launch.on(folder.resolve("origin"))));
    origin.client().put(whole, "seen at the edge", Bytes.utf8("v")).ok();
    try (Region edge = edge(cached)) {
      edge.catchUpWith(origin);
      edge.server().close();
    }
    try (Region copy = Region.of(servers.startHere(Launch.on(folder.resolve("copy"))))) {
      copy.client().put(whole, "other", Bytes.utf8("v")).ok();
      var snapshots = new AtomicInteger();
      Function<String, URI> choice =
          path -> {
            boolean first = path.equals("/v1/snapshot") && snapshots.getAndIncrement() == 0;
            boolean there = first || (path.equals("/v1/feed") && snapshots.get() == 1);
            return there ? copy.server().uri() : origin.server().uri();
          };
      try (var both = new TwoServers(choice);
          Region edge =
              Region.of(
                  servers.startHere(Launch.on(folder.resolve("fra")).follow(both.uri(), "fra")))) {
        assertThat(edge.client().get(cached, "k1").ok().body()).isEqualTo(Bytes.utf8("v1"));
        assertThat(edge.client().get(whole, "other").status()).isEqualTo(404);
        assertThat(snapshots).hasValueGreaterThan(1);
      }
    }
  }

  @Test
  void aProgramDoesNotOpenTheStoreOfAnEdgeThatOnlyCaches() throws Exception {
    try (Region edge = edge(cached)) {
      edge.server().close();
    }
    Path data = folder.resolve("fra");

    assertThatThrownBy(() -> Selvedge.open(data, origin.server().uri()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(data + " lacks the namespaces " + cached);
  }

  @Test
  void theSettingCachedRequiresAnEdgeAndIds() {
    ServerProcess alone =
        servers.spawn(Launch.on(folder.resolve("a")).with("--cached", "1".repeat(32)));
    assertThat(alone.awaitExit()).isEqualTo(1);
    assertThat(alone.log()).contains("cached requires origin");
    ServerProcess byTitle =
        servers.spawn(
            Launch.on(folder.resolve("b"))
                .with("--origin", "http://127.0.0.1:1", "--location", "x", "--cached", "my title"));
    assertThat(byTitle.awaitExit()).isEqualTo(1);
    assertThat(byTitle.log()).contains("cached must be ids of namespaces").contains("my title");
  }
}
