package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.verification.process.Command;
import selvedge.verification.process.Directories;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;

/** Servers that restart without data, with older data or with other data. */
final class LineageTest {
  private static final String ROOT = "root-token-of-the-tests-of-lineage";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Launch on(String name) {
    return Launch.on(folder.resolve(name));
  }

  /** Starts a server whose output is read. */
  private Region startProcess(Launch launch) {
    return Region.of(servers.start(launch));
  }

  private Region start(Launch launch) {
    return Region.of(servers.startHere(launch));
  }

  private Region follow(String name, URI origin) throws Exception {
    return connected(start(on(name).follow(origin, name)));
  }

  private static Region connected(Region edge) throws Exception {
    Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
    return edge;
  }

  private void empty(String name) throws IOException {
    Directories.delete(folder.resolve(name));
  }

  private static void put(Region at, String namespace, String key, String value) {
    at.client().put(namespace, key, Bytes.utf8(value)).ok();
  }

  private static String get(Region at, String namespace, String key) {
    return at.client().get(namespace, key).ok().body().utf8();
  }

  private static String status(Region at) {
    return Command.run("status", at.server().uri().toString()).ok().text();
  }

  @Test
  void anEdgeDoesNotFollowAnOriginThatHasLostItsData() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    String cluster = origin.status().path("cluster").asString();
    String namespace = origin.client().createNamespace("n");
    put(origin, namespace, "k", "v");
    try (Region edge = connected(startProcess(on("fra").follow(origin.server().uri(), "fra")))) {
      edge.catchUpWith(origin);
      origin.server().close();
      empty("origin");

      Region other = startProcess(on("origin").listen(port));
      String stranger = other.status().path("cluster").asString();
      Polling.await(
          "a refusal", () -> edge.status().path("trouble").asString("").contains(stranger));

      assertThat(stranger).isNotEqualTo(cluster).hasSize(16);
      assertThat(get(edge, namespace, "k")).isEqualTo("v");
      assertThat(edge.status().path("cluster").asString()).isEqualTo(cluster);
      assertThat(edge.status().path("trouble").asString()).contains(cluster, stranger);
      edge.process().awaitLog(cluster, stranger);
      Polling.await(
          "the edge in the status of the other one",
          () -> other.status().path("refused").toString().contains(cluster));
      other.process().awaitLog(cluster, stranger);
      assertThat(status(other)).contains("\n  refused: an edge of the cluster " + cluster);
      assertThat(edge.client().put(namespace, "k", Bytes.utf8("w")).status()).isEqualTo(412);
      edge.process().kill();
      Region again = start(on("fra").follow(origin.server().uri(), "fra"));
      assertThat(get(again, namespace, "k")).isEqualTo("v");
      again.close();
      other.close();
    }
    origin.close();
  }

  @Test
  void anEdgeWaitsForAnUpstreamThatIsBehindIt() throws Exception {
    Region origin = start(on("origin"));
    String namespace = origin.client().createNamespace("n");
    try (Region fra = follow("fra", origin.server().uri());
        Region syd = follow("syd", origin.server().uri())) {
      fra.catchUpWith(origin);
      fra.server().close();
      put(origin, namespace, "k", "v");
      syd.catchUpWith(origin);
      long version = syd.version();
      origin.server().close();
      syd.server().close();

      Region behind = start(on("fra").follow(origin.server().uri(), "fra"));
      Region ahead = startProcess(on("syd").follow(behind.server().uri(), "syd"));
      Polling.await("a wait", () -> ahead.status().path("trouble").asString("").contains("behind"));
      assertThat(ahead.version()).isEqualTo(version);
      assertThat(get(ahead, namespace, "k")).isEqualTo("v");
      assertThat(ahead.process().log()).doesNotContain("snapshot");

      Region back = start(on("origin").listen(origin.server().uri().getPort()));
      Polling.await("a feed", () -> ahead.status().path("connected").asBoolean());
      put(back, namespace, "k", "w");
      ahead.catchUpWith(back);
      assertThat(get(ahead, namespace, "k")).isEqualTo("w");
      assertThat(ahead.process().log()).doesNotContain("snapshot");
      List.of(behind, ahead, back).forEach(Region::close);
    }
    origin.close();
  }

  @Test
  void anEdgeDoesNotFollowAnotherCluster() throws Exception {
    try (Region one = start(on("one"));
        Region two = start(on("two"))) {
      String namespace = one.client().createNamespace("n");
      put(one, namespace, "k", "v");
      Region edge = follow("fra", one.server().uri());
      edge.catchUpWith(one);
      edge.server().close();
      edge.close();
      Region astray = start(on("fra").follow(two.server().uri(), "fra"));
      String stranger = two.status().path("cluster").asString();
      Polling.await(
          "a refusal", () -> astray.status().path("trouble").asString("").contains(stranger));
      assertThat(get(astray, namespace, "k")).isEqualTo("v");
      astray.server().close();
      astray.close();
      follow("fra", one.server().uri()).close();
    }
  }

  @Test
  void anOriginWithAnOlderCopyStartsANewLineageAndTheEdgeKeepsItsData() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    String namespace = origin.client().createNamespace("n");
    put(origin, namespace, "k", "v");
    try (Region edge = follow("fra", origin.server().uri())) {
      edge.catchUpWith(origin);
      origin.server().close();
      copy("origin", "copy");
      Region again = start(on("origin").listen(port));
      put(again, namespace, "late", "seen at the edge");
      edge.catchUpWith(again);
      again.server().close();
      replace("origin", "copy");

      Region restored = startProcess(on("origin").listen(port));
      put(restored, namespace, "k", "w");
      Polling.await("a store that is kept", () -> edge.status().path("unseen").size() == 1);
      Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
      edge.catchUpWith(restored);

      restored.process().awaitLog("the data directory is older");
      assertThat(restored.status().path("lineage_begun").path("agreed").asLong()).isPositive();
      assertThat(restored.version()).isGreaterThan(1L << 32).isLessThan(1L << 53);
      assertThat(get(edge, namespace, "k")).isEqualTo("w");
      assertThat(edge.client().get(namespace, "late").status()).isEqualTo(404);
      assertThat(edge.digest()).isEqualTo(restored.digest());
      String unseen = edge.status().path("unseen").get(0).asString();
      assertThat(status(edge)).contains("\n  unseen: " + unseen + " has changes");
      assertThat(status(restored)).contains("\n  lineage begun at ", "a replica had version ");
      Polling.await(
          "the store in the status of the origin",
          () -> status(restored).contains("\n    unseen: " + unseen));
      edge.server().close();
      assertThat(
              Command.run(
                      "export",
                      "--data",
                      folder.resolve("fra").toString(),
                      "--store",
                      unseen,
                      "--after",
                      unseen.substring(unseen.indexOf('-') + 1, unseen.lastIndexOf('-')))
                  .ok()
                  .text())
          .contains("\"key\":\"late\"");
      List.of(again, restored).forEach(Region::close);
    }
    origin.close();
  }

  /** Starts the origin of a closed data directory again, twice as often as openings are kept. */
  private void startAgain(String name) {
    var directory = new StoreDirectory(folder.resolve(name));
    Random random = new Random(1);
    try (RocksStore store =
        directory.open(Limits.of(Profile.OPEN), InstantSource.system(), random)) {
      for (int i = 0; i < 128; i++) {
        NewLineage.open(store, Instant.now(), random);
      }
    }
  }

  @Test
  void anEdgeKeepsItsDataThoughTheOlderCopyWasStartedMoreOftenThanOpeningsAreKept()
      throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    origin.server().close();
    copy("origin", "copy");
    Region newer = start(on("origin").listen(port));
    String namespace = newer.client().createNamespace("n");
    put(newer, namespace, "late", "seen at the edge");
    try (Region edge = follow("fra", newer.server().uri())) {
      edge.catchUpWith(newer);
      newer.server().close();
      replace("origin", "copy");
      startAgain("origin");

      Region restored = startProcess(on("origin").listen(port));
      Polling.await("a store that is kept", () -> edge.status().path("unseen").size() == 1);
      Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
      edge.catchUpWith(restored);

      restored.process().awaitLog("no version is known up to which both have the same changes");
      assertThat(restored.status().path("lineage_begun").path("agreed").asLong()).isZero();
      assertThat(edge.status().path("unseen").get(0).asString()).startsWith("store.unseen-0-");
      assertThat(edge.digest()).isEqualTo(restored.digest());
      restored.close();
    }
    List.of(origin, newer).forEach(Region::close);
  }

  /** An operator must not delete changes of which nothing proves that the new origin has them. */
  @Test
  void anOriginThatBecomesAnEdgeOfAMuchOlderCopyNamesAllItsChanges() throws Exception {
    Region origin = start(on("origin"));
    String namespace = origin.client().createNamespace("n");
    origin.server().close();
    copy("origin", "copy");
    startAgain("origin");
    try (Region copy = start(on("copy"))) {
      put(copy, namespace, "k", "v");

      var program = Launch.on(folder.resolve("origin")).follow(copy.server().uri(), "fra");
      var old = servers.spawn(program);

      assertThat(old.awaitExit()).isPositive();
      assertThat(old.log()).contains("has not seen", "the versions after 0 up to");
    }
    origin.close();
  }

  @Test
  void anOriginWithAnOlderCopyStartsANewLineageForAnEdgeBehindAnEdge() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    String namespace = origin.client().createNamespace("n");
    Region fra = follow("fra", origin.server().uri());
    int fraPort = fra.server().uri().getPort();
    try (Region syd = follow("syd", fra.server().uri())) {
      syd.catchUpWith(origin);
      fra.server().close();
      origin.server().close();
      copy("origin", "origin-copy");
      copy("fra", "fra-copy");
      Region newer = start(on("origin").listen(port));
      Region through =
          connected(start(on("fra").follow(newer.server().uri(), "fra").listen(fraPort)));
      put(newer, namespace, "late", "seen behind the edge");
      syd.catchUpWith(newer);
      through.server().close();
      newer.server().close();
      replace("origin", "origin-copy");
      replace("fra", "fra-copy");

      Region restored = startProcess(on("origin").listen(port));
      put(restored, namespace, "k", "v");
      Region again =
          connected(startProcess(on("fra").follow(restored.server().uri(), "fra").listen(fraPort)));
      Polling.await("a store that is kept", () -> syd.status().path("unseen").size() == 1);
      Polling.await("a feed", () -> syd.status().path("connected").asBoolean());
      syd.catchUpWith(restored);

      restored.process().awaitLog("the data directory is older");
      again.process().awaitLog("This was passed on");
      assertThat(restored.version()).isGreaterThan(1L << 32).isLessThan(1L << 53);
      assertThat(get(syd, namespace, "k")).isEqualTo("v");
      assertThat(syd.client().get(namespace, "late").status()).isEqualTo(404);
      assertThat(syd.digest()).isEqualTo(restored.digest());
      assertThat(again.digest()).isEqualTo(restored.digest());
      List.of(newer, through, restored, again).forEach(Region::close);
    }
    List.of(fra, origin).forEach(Region::close);
  }

  /** The origin was put back to a time before its epoch: what it accepts never reaches the edge. */
  @Test
  void anOriginThatWasContinuedByAnotherOneGetsNoWritesOfItsOldEdges() throws Exception {
    Region origin = start(on("origin"));
    int port = origin.server().uri().getPort();
    String namespace = origin.client().createNamespace("n");
    put(origin, namespace, "k", "old");
    Command.run("backup", "create", "monday", "--data", folder.resolve("origin").toString()).ok();
    origin.server().close();
    String backup = folder.resolve("origin/backups/monday").toString();
    Command.run("backup", "restore", backup, "--data", folder.resolve("restored").toString()).ok();
    Region restored = start(on("restored").listen(port));
    try (Region fra = follow("fra", restored.server().uri());
        Region syd = follow("syd", fra.server().uri())) {
      put(restored, namespace, "k", "new");
      syd.catchUpWith(restored);
      restored.server().close();

      Region back = start(on("origin").listen(port));
      Polling.await(
          "a reason", () -> fra.status().path("trouble").asString("").contains("has continued"));

      for (Region edge : List.of(fra, syd)) {
        Reply refused = edge.client().put(namespace, "k", Bytes.utf8("lost"));
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.header("Selvedge-Error")).isEqualTo("origin-continued");
        String value = "/v1/namespaces/" + namespace + "/values/k";
        assertThat(edge.ask(value).body().utf8()).isEqualTo("new");
        assertThat(
                edge.client()
                    .send("GET", value, BodyPublishers.noBody(), "Selvedge-Consistency", "strong")
                    .status())
            .isEqualTo(412);
      }
      assertThat(get(back, namespace, "k")).isEqualTo("old");
      assertThat(Command.run("promote", "--data", folder.resolve("fra").toString()).errors())
          .contains("still answers");
      back.close();
    }
    List.of(origin, restored).forEach(Region::close);
  }

  private void replace(String name, String by) throws IOException {
    empty(name);
    copy(by, name);
  }

  private void copy(String from, String to) throws IOException {
    Directories.copy(folder.resolve(from), folder.resolve(to));
  }

  @Test
  void aVersionThatWasLostInAPromotionIsNotConfusedWithANewOne() throws Exception {
    Region origin = start(on("origin"));
    String namespace = origin.client().createNamespace("n");
    put(origin, namespace, "k", "v");
    try (Relay relay = Relay.to(origin.server().address(), Duration.ZERO);
        Region fra = follow("fra", relay.uri())) {
      fra.catchUpWith(origin);
      relay.cut();
      String epoch = Long.toString(origin.status().path("epoch").asLong());
      String lost =
          origin.client().put(namespace, "k", Bytes.utf8("lost")).ok().header("Selvedge-Version");
      origin.server().close();
      Polling.await(
          "a promotion",
          () -> Command.run("promote", "--data", folder.resolve("fra").toString()).exit() == 0);
      for (int i = 0; i < 20; i++) {
        put(fra, namespace, "k", "new");
      }
      String tag = "\"" + lost + "\"";

      assertThat(fra.version()).isGreaterThan(1L << 32);
      assertThat(fra.client().put(namespace, "k", Bytes.EMPTY, "If-Match", tag).status())
          .isEqualTo(412);
      Reply refused =
          fra.client().put(namespace, "k", Bytes.EMPTY, "If-Match", tag, "Selvedge-Epoch", epoch);
      assertThat(refused.status()).isEqualTo(412);
      assertThat(refused.header("Selvedge-Error")).isEqualTo("lineage-changed");
      assertThat(Long.parseLong(refused.header("Selvedge-Agreed")))
          .isLessThan(Long.parseLong(lost));
      String value = "/v1/namespaces/n/values/k";
      Reply bare =
          fra.client().send("GET", value, BodyPublishers.noBody(), "Selvedge-At-Least", lost);
      assertThat(bare.status()).isEqualTo(412);
      assertThat(bare.header("Selvedge-Error")).isEqualTo("lineage-changed");
      assertThat(bare.header("Selvedge-Agreed")).isEqualTo(refused.header("Selvedge-Agreed"));
      assertThat(fra.ask("/v1/feed?after=" + lost).status()).isEqualTo(410);
      assertThat(fra.ask("/v1/feed?after=" + lost + "&epoch=" + epoch).toString())
          .contains("lineage-changed");
    }
    origin.close();
  }

  private static Reply claim(RestClient replica, long version, long epoch) {
    return replica.send(
        "GET",
        "/v1/feed?after=" + version + "&epoch=" + epoch,
        BodyPublishers.noBody(),
        "Accept",
        "application/vnd.selvedge.feed");
  }

  /** Otherwise a token that can only read would use up the numbers of all later lineages. */
  @Test
  void aClaimOfMoreChangesThanArePossibleIsRefusedAndBeginsNoLineage() throws Exception {
    Region origin = startProcess(on("origin").with("--root-token", ROOT));
    URI uri = origin.server().uri();
    String token = "{\"name\":\"greedy\",\"account\":\"all\",\"grant\":\"replicate\"}";
    try (var root = new RestClient(uri, HttpClient.Version.HTTP_1_1, ROOT)) {
      var guarded = new Region(origin.server(), root);
      String secret =
          root.send("POST", "/v1/tokens", BodyPublishers.ofString(token))
              .ok()
              .json()
              .path("secret")
              .asString();
      long epoch = guarded.status().path("epoch").asLong();
      try (var replica = new RestClient(uri, HttpClient.Version.HTTP_1_1, secret)) {
        Reply refused = claim(replica, (1L << 53) - (1L << 33), epoch);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.toString()).contains("invalid_request", "is not possible");
        origin.process().awaitLog("(token greedy) is refused");
        assertThat(guarded.status().path("epoch").asLong()).isEqualTo(epoch);
        assertThat(guarded.version()).isLessThan(1L << 32);

        assertThat(claim(replica, guarded.version() + 1000, epoch).status()).isEqualTo(410);
        assertThat(guarded.status().path("epoch").asLong()).isNotEqualTo(epoch);
        assertThat(guarded.version()).isBetween(1L << 32, 1L << 33);
      }
    }
    origin.close();
  }
}
