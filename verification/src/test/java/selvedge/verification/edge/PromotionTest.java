package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Relay;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The steps of docs/how-to/lost-origin.md: an edge replaces a lost origin. */
final class PromotionTest {

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private String data(String name) {
    return folder.resolve(name).toString();
  }

  private Launch launch(String name) {
    return Launch.on(folder.resolve(name));
  }

  private Region follow(String name, URI origin) throws Exception {
    return connected(servers.startHere(launch(name).follow(origin, name)));
  }

  private static Region connected(RunningServer server) throws Exception {
    Region edge = Region.of(server);
    Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
    return edge;
  }

  @Test
  void anEdgeReplacesALostOriginAndOtherEdgesFollowIt() throws Exception {
    Region origin = Region.of(servers.startHere(launch("old").limit("page-keys", 20)));
    try (Relay relay = Relay.to(origin.server().address(), Duration.ZERO);
        Region fra = follow("fra", relay.uri());
        Region syd = follow("syd", relay.uri());
        Region ams = follow("ams", relay.uri())) {
      String namespace = origin.client().createNamespace("n");
      for (int i = 0; i < 50; i++) {
        origin.client().put(namespace, "k" + i, Bytes.utf8("v" + i)).ok();
      }
      fra.catchUpWith(origin);
      syd.catchUpWith(origin);
      ams.catchUpWith(origin);
      assertThat(Command.run("promote", fra.server().uri().toString(), "--force").errors())
          .as("promotion of an open edge without the local secret")
          .contains("local secret", "--data");
      assertThat(Command.run("promote", "--data", data("fra")).errors()).contains("still answers");
      relay.cut();
      for (int i = 0; i < 3; i++) {
        origin.client().put(namespace, "unseen" + i, Bytes.utf8("lost?")).ok();
      }
      origin.server().close();

      Polling.await("a promotion", () -> Command.run("promote", "--data", data("fra")).exit() == 0);
      assertThat(fra.client().get(namespace, "k49").ok().body()).isEqualTo(Bytes.utf8("v49"));
      assertThat(fra.status().path("role").asString()).isEqualTo("origin");
      assertThat(Command.run("promote", "--data", data("fra")).errors())
          .contains("is already the origin");
      assertThat(fra.client().list(namespace, "").ok().json().path("result")).hasSize(20);
      fra.client().put(namespace, "new", Bytes.utf8("w")).ok();
      assertThat(fra.client().get(namespace, "new").header("Selvedge-Age")).isEqualTo("0");

      redirects(ams, fra, relay.uri());
      syd.server().close();
      try (Region again =
          connected(servers.start(launch("syd").follow(fra.server().uri(), "syd")))) {
        again.catchUpWith(fra);
        assertThat(again.digest()).isEqualTo(fra.digest());
        assertThat(again.process().log()).doesNotContain("snapshot");
        again.client().put(namespace, "through", Bytes.utf8("x")).ok();
        assertThat(fra.client().get(namespace, "through").ok().body()).isEqualTo(Bytes.utf8("x"));
      }
      refusesTheOldOrigin(fra.server().uri(), namespace);
    }
    origin.close();
  }

  @Test
  void promoteNamesTheVersionAfterThePromotion() throws Exception {
    Region origin = Region.of(servers.startHere(launch("old")));
    try (Region fra = follow("fra", origin.server().uri())) {
      origin.server().close();
      Polling.await("a lost origin", () -> !fra.status().path("connected").asBoolean());

      String text = Command.run("promote", "--data", data("fra")).ok().text();

      Matcher named = Pattern.compile("at version (\\d+), epoch (\\d+)").matcher(text);
      assertThat(named.find()).as(text).isTrue();
      assertThat(Long.parseLong(named.group(1))).isBetween(1L << 32, fra.version());
      assertThat(named.group(2)).isEqualTo(fra.status().path("epoch").asString());
    }
    origin.close();
  }

  @Test
  void aPromotedEdgeDeletesTheSnapshotThatItWasLoading() throws Exception {
    Region origin = Region.of(servers.startHere(launch("old")));
    try (Region fra = follow("fra", origin.server().uri())) {
      Path loading = Files.createDirectories(folder.resolve("fra").resolve("store.loading"));
      Files.writeString(loading.resolve("part"), "of a snapshot");
      origin.server().close();

      Polling.await("a promotion", () -> Command.run("promote", "--data", data("fra")).exit() == 0);

      assertThat(fra.status().path("role").asString()).isEqualTo("origin");
      assertThat(loading).doesNotExist();
    }
    origin.close();
  }

  /**
   * A running edge is redirected, and follows the new origin after a restart with the old settings.
   */
  private void redirects(Region edge, Region origin, URI before) throws Exception {
    String to = origin.server().uri().toString();
    ProcessResult followed = Command.run("follow", to, "--data", data("ams"));
    assertThat(followed.ok().text()).contains("follows " + to);
    Polling.await(
        "a feed of the new origin",
        () ->
            edge.status().path("follows").asString().equals(to)
                && edge.status().path("connected").asBoolean());
    edge.catchUpWith(origin);
    edge.server().close();
    try (Region again = follow("ams", before)) {
      assertThat(again.status().path("follows").asString()).isEqualTo(to);
    }
    assertThat(Command.run("follow", to, "--data", data("fra")).errors())
        .contains("this server is an origin");
  }

  private void refusesTheOldOrigin(URI newOrigin, String namespace) {
    ServerProcess old = servers.spawn(launch("old").follow(newOrigin, "old"));
    assertThat(old.awaitExit()).isEqualTo(1);
    assertThat(old.log()).contains("has not seen").contains("selvedge export --data");
    String after = old.log().replaceAll("(?s).*--after (\\d+).*", "$1");
    List<String> unseen =
        Command.run("export", "--data", folder.resolve("old").toString(), "--after", after)
            .ok()
            .text()
            .lines()
            .toList();
    assertThat(unseen).hasSize(3).allMatch(line -> line.contains(namespace));
    assertThat(unseen.getFirst()).contains("\"key\":\"unseen0\"", "\"value_base64\":\"bG9zdD8=\"");
  }

  @Test
  void anOldOriginWithAllChangesBecomesAnEdgeAndOneWithOtherChangesIsNotFollowed()
      throws Exception {
    Region origin = Region.of(servers.startHere(launch("old")));
    String namespace = origin.client().createNamespace("n");
    int port = origin.server().uri().getPort();
    try (Region fra = follow("fra", origin.server().uri())) {
      origin.client().put(namespace, "k", Bytes.utf8("v")).ok();
      fra.catchUpWith(origin);
      origin.server().close();
      Polling.await("a promotion", () -> Command.run("promote", "--data", data("fra")).exit() == 0);
      fra.client().put(namespace, "k", Bytes.utf8("w")).ok();

      Region syd = follow("syd", fra.server().uri());
      syd.catchUpWith(fra);
      syd.server().close();
      RunningServer back = servers.startHere(launch("old").listen(port));
      Region astray = Region.of(servers.startHere(launch("syd").follow(back.uri(), "syd")));
      Polling.await(
          "a refusal",
          () ->
              astray
                  .status()
                  .path("trouble")
                  .asString("")
                  .contains("another server has continued"));
      assertThat(astray.client().get(namespace, "k").ok().body()).isEqualTo(Bytes.utf8("w"));
      back.close();

      try (Region old = follow("old", fra.server().uri())) {
        old.catchUpWith(fra);
        assertThat(old.client().get(namespace, "k").ok().body()).isEqualTo(Bytes.utf8("w"));
        assertThat(old.digest()).isEqualTo(fra.digest());
      }
      syd.close();
      astray.close();
    }
    origin.close();
  }
}
