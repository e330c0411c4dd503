package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Servers;

/** An edge that loads another store, because its origin was restored from a backup. */
final class ReloadTest {
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region origin;
  private Region edge;
  private String namespace = "";

  private Launch on(String name) {
    return Launch.on(folder.resolve(name));
  }

  private Region start(Launch launch) {
    return Region.of(servers.startHere(launch));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @BeforeEach
  void startOrigin() {
    origin = start(on("origin"));
    edge = origin;
    namespace = origin.client().createNamespace("n");
  }

  private void startEdge(int unseenStores) throws Exception {
    Launch launch = on("fra").follow(origin.server().uri(), "fra");
    edge = start(launch.limit("unseen-stores", unseenStores));
    Command.run("backup", "create", "early", "--data", path("origin")).ok();
    origin.client().put(namespace, "late", Bytes.utf8("v")).ok();
    edge.catchUpWith(origin);
  }

  @AfterEach
  void close() {
    origin.close();
    edge.close();
  }

  /** Replaces the origin by one that lacks a change which the edge has. */
  private Region restore() {
    int port = origin.server().uri().getPort();
    origin.server().close();
    Command.run("backup", "restore", path("origin/backups/early"), "--data", path("restored")).ok();
    return start(on("restored").listen(port));
  }

  private void awaitBlocked(String reason) throws Exception {
    Polling.await(
        "a reason: " + reason, () -> edge.status().path("blocked").asString("").contains(reason));
  }

  /** Returns whether a thread is inside the loading of a store. */
  private static boolean isLoading() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals("selvedge.server.site.Reload"));
  }

  /** Its snapshot had a change that the restored origin lacks, and its feed begins later. */
  @Test
  void whatAnEdgeHadFromASnapshotIsExportedAsTheNewestValues() throws Exception {
    origin.client().put(namespace, "before", Bytes.utf8("v")).ok();
    Command.run("backup", "create", "early", "--data", path("origin")).ok();
    origin.client().put(namespace, "in the snapshot", Bytes.utf8("v")).ok();
    edge = start(on("fra").follow(origin.server().uri(), "fra"));
    origin.client().put(namespace, "in the feed", Bytes.utf8("v")).ok();
    edge.catchUpWith(origin);
    try (Region restored = restore()) {
      Polling.await("a store that is kept", () -> edge.status().path("unseen").size() == 1);
      edge.catchUpWith(restored);
    }
    String kept = edge.status().path("unseen").get(0).asString();
    String after = kept.substring(kept.indexOf('-') + 1, kept.lastIndexOf('-'));
    edge.server().close();

    ProcessResult feed = export(kept, after);
    ProcessResult newest = export(kept, after, "--newest");

    assertThat(feed.errors()).contains("the feed begins at version", "--newest");
    assertThat(newest.ok().text())
        .contains("in the snapshot", "in the feed")
        .doesNotContain("before");
  }

  private ProcessResult export(String store, String after, String... more) {
    List<String> arguments = new ArrayList<>();
    Collections.addAll(
        arguments, "export", "--data", path("fra"), "--store", store, "--after", after);
    Collections.addAll(arguments, more);
    return Command.run(arguments.toArray(String[]::new));
  }

  @Test
  void aPromotedEdgeLoadsNoStoreAnyMore() throws Exception {
    startEdge(0);
    try (Region restored = restore()) {
      awaitBlocked("unseen-stores");
      assertThat(isLoading()).isTrue();

      Command.run("promote", "--force", "--data", path("fra")).ok();

      assertThat(isLoading()).isFalse();
      assertThat(edge.status().path("role").asString()).isEqualTo("origin");
      assertThat(edge.status().has("blocked")).isFalse();
      assertThat(edge.client().get(namespace, "late").ok().body().utf8()).isEqualTo("v");
      assertThat(restored.client().get(namespace, "late").status()).isEqualTo(404);
    }
  }

  @Test
  void aServerThatIsClosedLoadsNoStoreAnyMore() throws Exception {
    startEdge(0);
    try (Region _ = restore()) {
      awaitBlocked("unseen-stores");
      assertThat(isLoading()).isTrue();

      edge.server().close();

      assertThat(isLoading()).isFalse();
    }
  }

  @Test
  void anEdgeThatIsPointedElsewhereEndsWhatItLoads() throws Exception {
    startEdge(0);
    try (Region restored = restore();
        Region back = start(on("origin"))) {
      awaitBlocked("unseen-stores");

      Command.run("follow", back.server().uri().toString(), "--data", path("fra")).ok();
      Polling.await("a feed", () -> edge.status().path("connected").asBoolean());

      assertThat(isLoading()).isFalse();
      assertThat(edge.status().has("blocked")).isFalse();
      back.client().put(namespace, "more", Bytes.utf8("w")).ok();
      edge.catchUpWith(back);
      assertThat(restored.client().get(namespace, "more").status()).isEqualTo(404);
    }
  }

  /** The file that marks the directory as one of an edge cannot be written. */
  @Test
  void noFailureEndsTheLoadingForGood() throws Exception {
    startEdge(3);
    Path obstacle = Files.createDirectories(folder.resolve("fra/edge.new/obstacle"));
    try (Region restored = restore()) {
      awaitBlocked("edge");
      Files.delete(obstacle);
      Files.delete(obstacle.getParent());

      Polling.await("a store that is kept", () -> edge.status().path("unseen").size() == 1);
      Polling.await("a feed", () -> edge.status().path("connected").asBoolean());
      edge.catchUpWith(restored);
      assertThat(edge.client().get(namespace, "late").status()).isEqualTo(404);
    }
  }
}
