package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Watch;
import selvedge.model.WatchLostException;
import selvedge.verification.process.Command;
import selvedge.verification.process.Directories;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Watches of the Java client at edges whose origin changes or that are behind each other. */
final class WatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final JsonMapper JSON = JsonMapper.shared();

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region start(String name) {
    return Region.of(servers.startHere(Launch.on(folder.resolve(name))));
  }

  private Region start(String name, int port) {
    return Region.of(servers.startHere(Launch.on(folder.resolve(name)).listen(port)));
  }

  private Region follow(String name, URI origin) throws Exception {
    Region edge =
        Region.of(servers.startHere(Launch.on(folder.resolve(name)).follow(origin, name)));
    Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
    return edge;
  }

  private static void put(Region at, String namespace, String key) {
    at.client().put(namespace, key, Bytes.utf8("v")).ok();
  }

  /** Returns the key of the next change. */
  private static String key(Watch watch) {
    Change change = watch.next(PATIENCE).orElseThrow();
    return change.mutation() instanceof Mutation.Put put ? put.key().name() : "";
  }

  private void copy(String from, String to) throws IOException {
    Directories.copy(folder.resolve(from), folder.resolve(to));
  }

  private void empty(String name) throws IOException {
    Directories.delete(folder.resolve(name));
  }

  @Test
  void aWatchThatWasOpenDuringAPromotionGoesOnAfterABrokenConnection() throws Exception {
    Region origin = start("origin");
    String namespace = origin.client().createNamespace("n");
    try (Region fra = follow("fra", origin.server().uri());
        Region syd = follow("syd", fra.server().uri());
        Relay relay = Relay.to(syd.server().address(), Duration.ZERO);
        Client client = Client.of(ClientOptions.of(relay.uri()))) {
      syd.catchUpWith(origin);
      Namespace watched = client.namespace("n");
      try (Watch watch = watched.watch(Bytes.EMPTY, watched.latest())) {
        put(origin, namespace, "before");
        assertThat(key(watch)).isEqualTo("before");
        origin.server().close();
        Polling.await(
            "a promotion",
            () -> Command.run("promote", "--data", folder.resolve("fra").toString()).exit() == 0);
        put(fra, namespace, "promoted");
        assertThat(key(watch)).isEqualTo("promoted");

        relay.cut();
        put(fra, namespace, "missed");
        syd.catchUpWith(fra);
        relay.restore();

        assertThat(key(watch)).isEqualTo("missed");
        put(fra, namespace, "after");
        assertThat(key(watch)).isEqualTo("after");
      }
    }
    origin.close();
  }

  /** Returns the next line of a feed that is a change or names an epoch. */
  private static JsonNode line(BufferedReader lines) throws IOException {
    JsonNode line = JSON.readTree(lines.readLine());
    while (!line.has("key") && !line.has("epoch")) {
      line = JSON.readTree(lines.readLine());
    }
    return line;
  }

  @Test
  void aFeedOfLinesNamesANewEpochAndOpeningBeforeTheirFirstChange() throws Exception {
    Region origin = start("origin");
    String namespace = origin.client().createNamespace("n");
    try (Region fra = follow("fra", origin.server().uri());
        Region syd = follow("syd", fra.server().uri())) {
      syd.catchUpWith(origin);
      String feed = "/v1/feed?namespace=" + namespace;
      try (var lines =
          new BufferedReader(
              new InputStreamReader(syd.client().stream(feed), StandardCharsets.UTF_8))) {
        JsonNode start = line(lines);
        assertThat(start.path("epoch").asLong()).isEqualTo(origin.status().path("epoch").asLong());
        assertThat(start.path("opening").asString()).isEqualTo(newestOpening(origin));
        origin.server().close();
        Polling.await(
            "a promotion",
            () -> Command.run("promote", "--data", folder.resolve("fra").toString()).exit() == 0);
        put(fra, namespace, "promoted");

        JsonNode promoted = line(lines);
        assertThat(promoted.path("epoch").asLong()).isEqualTo(fra.status().path("epoch").asLong());
        JsonNode opened = line(lines);
        assertThat(opened.path("opening").asString()).isEqualTo(newestOpening(fra));
        assertThat(line(lines).path("key").asString()).isEqualTo("promoted");
      }
    }
    origin.close();
  }

  private static String newestOpening(Region region) {
    return region.status().path("openings").get(0).asString();
  }

  @Test
  void aWatchWaitsForAnEdgeThatIsBehindTheOneBefore() throws Exception {
    Region origin = start("origin");
    String namespace = origin.client().createNamespace("n");
    try (Relay relay = Relay.to(origin.server().address(), Duration.ZERO);
        Region fra = follow("fra", origin.server().uri());
        Region syd = follow("syd", relay.uri());
        Client client =
            Client.of(ClientOptions.of(fra.server().uri(), syd.server().uri()).deadline(SHORT))) {
      fra.catchUpWith(origin);
      syd.catchUpWith(origin);
      Namespace watched = client.namespace("n");
      try (Watch watch = watched.watch(Bytes.EMPTY, watched.latest())) {
        relay.cut();
        put(origin, namespace, "one");
        assertThat(key(watch)).isEqualTo("one");
        put(origin, namespace, "two");
        assertThat(key(watch)).isEqualTo("two");
        fra.server().close();

        assertThat(watch.next(SHORT)).isEmpty();
        assertThat(watch.isCurrent()).isFalse();
        relay.restore();
        put(origin, namespace, "three");

        assertThat(key(watch)).isEqualTo("three");
      }
    }
    origin.close();
  }

  @Test
  void aWatchDoesNotGoOnWhereItsChangesNeverWere() throws Exception {
    Region origin = start("origin");
    int port = origin.server().uri().getPort();
    String namespace = origin.client().createNamespace("n");
    try (Relay relay = Relay.to(origin.server().address(), Duration.ZERO);
        Region fra = follow("fra", origin.server().uri());
        Region syd = follow("syd", relay.uri());
        Client client =
            Client.of(ClientOptions.of(fra.server().uri(), syd.server().uri()).deadline(SHORT))) {
      fra.catchUpWith(origin);
      syd.catchUpWith(origin);
      Namespace watched = client.namespace("n");
      try (Watch watch = watched.watch(Bytes.EMPTY, watched.latest())) {
        relay.cut();
        origin.server().close();
        copy("origin", "copy");
        Region again = start("origin", port);
        put(again, namespace, "lost");
        assertThat(key(watch)).isEqualTo("lost");
        long lost = fra.version();
        fra.server().close();
        again.server().close();
        empty("origin");
        copy("copy", "origin");
        assertThat(watch.next(SHORT)).isEmpty();

        Region restored = start("origin", port);
        while (restored.version() <= lost) {
          put(restored, namespace, "other");
        }
        relay.restore();
        syd.catchUpWith(restored);

        assertThatThrownBy(() -> watch.next(PATIENCE)).isInstanceOf(WatchLostException.class);
        again.close();
        restored.close();
      }
    }
    origin.close();
  }
}
