package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.RefusedException;
import selvedge.embedded.EmbeddedEdge;
import selvedge.embedded.EmbeddedOptions;
import selvedge.model.Bytes;
import selvedge.model.ClosedException;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Selvedge;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WatchLostException;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Servers;

final class EmbeddedEdgeFaultsTest {
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  /** Records the log of an edge. */
  private static final class RecordedLog extends Handler {
    private final Queue<String> messages = new ConcurrentLinkedQueue<>();

    String text() {
      return String.join("\n", messages);
    }

    @Override
    public void publish(LogRecord event) {
      messages.add(event.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private Region origin(int port) {
    return Region.of(
        servers.start(
            Launch.on(folder.resolve("origin")).listen(port).limit("feed-bytes", 1 << 20)));
  }

  private Selvedge edge(URI origin) {
    EmbeddedOptions options = EmbeddedOptions.usual().location("in-a-program");
    return EmbeddedEdge.open(folder.resolve("edge"), origin, options);
  }

  @Test
  void answersReadsWithoutItsOriginAndCatchesUpLater() throws Exception {
    Region first = origin(0);
    URI uri = first.server().uri();
    try (Selvedge edge = edge(uri)) {
      Namespace namespace = edge.namespace("n");
      namespace.put("k", "v");
      Polling.await(
          "its place in the status",
          () -> first.ask("/v1/status").ok().body().utf8().contains("in-a-program"));
      first.process().kill();
      assertThat(namespace.getText("k")).contains("v");
      assertThat(namespace.keys("")).hasSize(1);

      try (Region again = origin(uri.getPort())) {
        namespace.put("k", "w");
        assertThat(namespace.getText("k")).contains("w");
        assertThat(again.status().path("role").asString()).isEqualTo("origin");
      }
    }
    first.close();
  }

  @Test
  void loadsASnapshotWhenItIsBehindTheHorizon() throws Exception {
    try (Region origin = origin(0)) {
      URI uri = origin.server().uri();
      long seen;
      try (Selvedge edge = edge(uri)) {
        edge.namespace("n").put("k", "v");
        seen = edge.namespace("n").latest().number();
      }
      try (Selvedge direct = Selvedge.connect(uri)) {
        Namespace there = direct.namespace("n");
        Polling.await(
            "a horizon beyond " + seen,
            () -> {
              for (int i = 0; i < 50; i++) {
                there.put("l" + i % 5, "x".repeat(60_000));
              }
              return origin.status().path("horizon").asLong() > seen;
            });
        try (Selvedge edge = edge(uri);
            Watch watch = edge.namespace("n").watch(Bytes.EMPTY, new Version(seen))) {
          Namespace here = edge.namespace("n");
          there.put("after", "v");
          assertThatThrownBy(() -> watch.next(Duration.ofSeconds(30)))
              .isInstanceOf(WatchLostException.class);
          Polling.await("everything", () -> here.getText("after").isPresent());
          assertThat(here.keys("")).hasSize(7);
        }
      }
    }
  }

  @Test
  void everyHandleOfAClosedEdgeThrows() throws Exception {
    try (Region origin = origin(0)) {
      Selvedge edge = edge(origin.server().uri());
      Namespace namespace = edge.namespace("n");
      namespace.put("k", "v");
      Watch watch = namespace.watch(Bytes.EMPTY, namespace.latest());
      var waiting = new FutureTask<>(() -> watch.next(Duration.ofDays(1)));
      Thread thread = Thread.ofPlatform().daemon().start(waiting);
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }

      edge.close();

      assertThatThrownBy(() -> waiting.get(1, TimeUnit.MINUTES))
          .hasCauseInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> namespace.getText("k")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> namespace.keys("").toList()).isInstanceOf(ClosedException.class);
      assertThatThrownBy(namespace::latest).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> namespace.put("k", "w")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> namespace.increment("n")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(edge::titles).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> edge.namespace("n")).isInstanceOf(ClosedException.class);
      edge.close();
    }
  }

  @Test
  void refusesAnOldOriginThatRestarts() throws Exception {
    Region old = origin(0);
    URI before = old.server().uri();
    try (Region fra =
            Region.of(servers.start(Launch.on(folder.resolve("fra")).follow(before, "fra")));
        Selvedge direct = Selvedge.connect(fra.server().uri())) {
      Namespace there = direct.namespace("n");
      there.put("k", "v");
      fra.catchUpWith(old);
      old.process().kill();
      Polling.await(
          "a promotion",
          () -> Command.run("promote", "--data", folder.resolve("fra").toString()).exit() == 0);
      there.put("k", "w");
      try (Selvedge edge = edge(fra.server().uri())) {
        assertThat(edge.namespace("n").getText("k")).contains("w");
      }
      var output = new RecordedLog();
      Logger.getLogger("selvedge.embedded").addHandler(output);
      try (Region back = origin(before.getPort());
          Selvedge astray = edge(back.server().uri())) {
        Polling.await("a refusal", () -> output.text().contains("another server has continued"));
        Namespace namespace = astray.namespace("n");
        assertThat(namespace.getText("k")).contains("w");
        assertThatThrownBy(() -> namespace.put("k", "lost"))
            .isInstanceOf(SelvedgeException.class)
            .hasMessageContaining("would never get what is accepted here");
        assertThat(namespace.getText("k")).contains("w");
      } finally {
        Logger.getLogger("selvedge.embedded").removeHandler(output);
      }
    }
    old.close();
  }

  /** A file is where the new store must be. */
  @Test
  void noFailureEndsTheLoadingOfASnapshotForGood() throws Exception {
    Region origin = origin(0);
    URI uri = origin.server().uri();
    var output = new RecordedLog();
    Logger.getLogger("selvedge.embedded").addHandler(output);
    try (Selvedge edge = edge(uri)) {
      Namespace namespace = edge.namespace("n");
      String data = folder.resolve("origin").toString();
      Command.run("backup", "create", "early", "--data", data).ok();
      Version lost = namespace.put("late", "v").version();
      origin.process().kill();
      Path obstacle = Files.createFile(folder.resolve("edge/store.loading"));
      String restored = folder.resolve("restored").toString();
      Command.run("backup", "restore", data + "/backups/early", "--data", restored).ok();
      try (Region back =
          Region.of(servers.start(Launch.on(folder.resolve("restored")).listen(uri.getPort())))) {
        Polling.await("a failure", () -> output.text().contains("trying again"));
        Files.delete(obstacle);
        Polling.await("the restored data", () -> namespace.getText("late").isEmpty());
        namespace.put("k", "w");
        assertThat(namespace.getText("k")).contains("w");
        assertThat(back.version()).isEqualTo(namespace.latest().number());
        assertThatThrownBy(() -> namespace.get(Key.of("k"), ReadOptions.PLAIN.atLeast(lost)))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("of those that the sender has seen");
      }
    } finally {
      Logger.getLogger("selvedge.embedded").removeHandler(output);
    }
    origin.close();
  }

  @Test
  void aDataDirectoryIsForAnEdgeOrForAnOrigin() throws Exception {
    try (Region origin = origin(0)) {
      URI uri = origin.server().uri();
      edge(uri).close();
      assertThatThrownBy(() -> Selvedge.open(folder.resolve("edge")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("belongs to an edge");
      Selvedge.open(folder.resolve("own")).close();
      assertThatThrownBy(() -> Selvedge.open(folder.resolve("own"), uri))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("belongs to an origin");
    }
  }
}
