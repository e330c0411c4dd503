package selvedge.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.ClosedException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.Profile;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

@Timeout(60)
final class EmbeddedOriginTest {
  @TempDir Path folder;

  private EmbeddedOrigin open(EmbeddedOptions options) {
    return EmbeddedOrigin.open(folder, options);
  }

  @Test
  void everyHandleOfAClosedStoreThrows() {
    EmbeddedOrigin store = open(EmbeddedOptions.usual());
    Namespace old = store.namespace("n");
    old.put("k", "1");
    assertThat(old.getText("k")).contains("1");
    Watch watch = old.watch(Bytes.EMPTY, old.latest());

    store.close();

    try (EmbeddedOrigin again = open(EmbeddedOptions.usual())) {
      again.namespace("n").put("k", "2");
      assertThatThrownBy(() -> old.getText("k")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(old::latest).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> old.put("k", "3")).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> watch.next(Duration.ofSeconds(50)))
          .isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> store.namespace("n")).isInstanceOf(ClosedException.class);
      assertThat(again.namespace("n").getText("k")).contains("2");
    }
  }

  @Test
  void aWatchThatWaitsEndsWhenTheStoreIsClosed() throws Exception {
    EmbeddedOrigin store = open(EmbeddedOptions.usual());
    Namespace namespace = store.namespace("n");
    try (Watch watch = namespace.watch(Bytes.EMPTY, namespace.latest())) {
      var waiting = new FutureTask<>(() -> watch.next(Duration.ofDays(1)));
      Thread thread = Thread.ofPlatform().daemon().start(waiting);
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }

      store.close();

      assertThatThrownBy(() -> waiting.get(1, TimeUnit.MINUTES))
          .hasCauseInstanceOf(ClosedException.class);
    }
  }

  @Test
  void writesWaitForRoomInTheQueue() throws Exception {
    EmbeddedOptions small =
        EmbeddedOptions.usual().limits(Limits.of(Profile.OPEN).with(Limit.QUEUE_WRITES, 20));
    try (EmbeddedOrigin store = open(small);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Namespace namespace = store.namespace("n");
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        Key key = Key.of("k" + i);
        writes.add(threads.submit(() -> namespace.put(key, Bytes.utf8("v"), WriteOptions.PLAIN)));
      }
      for (Future<?> write : writes) {
        write.get();
      }
      assertThat(namespace.count(Bytes.EMPTY)).isEqualTo(5000);
    }
  }

  @Test
  void aKilledProgramLeavesNothingInTheTemporaryFolder() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                KilledProgram.class.getName(),
                folder.resolve("data").toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(program.waitFor()).as(output).isEqualTo(7);
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
