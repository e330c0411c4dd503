package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.LocalServer;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;

/** An origin and its edge, with stores on disk, record events for Java Flight Recorder. */
final class FlightRecorderTest {
  private static final List<String> EVENTS =
      List.of(
          "selvedge.Commit",
          "selvedge.Sync",
          "selvedge.SlowRequest",
          "selvedge.Snapshot",
          "selvedge.FollowedBatch");

  /** No machine answers it within a millisecond. */
  private static final int LARGE_BYTES = 20_000_000;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  @Test
  void eachEventHasWhatWasDone() throws Exception {
    Path file = folder.resolve("recording.jfr");
    try (var recording = new Recording()) {
      EVENTS.forEach(event -> recording.enable(event).withoutThreshold());
      recording.start();
      writeAndFollow();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);

    // Other tests in this JVM have events, too, also of disks in memory whose syncs take no time.
    assertThat(of(events, "selvedge.Commit"))
        .anySatisfy(
            event -> {
              assertThat(event.getInt("changes")).isPositive();
              assertThat(event.getDuration("time")).isPositive();
            });
    assertThat(of(events, "selvedge.Sync"))
        .anySatisfy(event -> assertThat(event.getDuration()).isPositive());
    assertThat(of(events, "selvedge.SlowRequest"))
        .anySatisfy(
            event -> {
              assertThat(event.getString("operation")).isEqualTo("put");
              assertThat(event.getInt("status")).isEqualTo(200);
              assertThat(event.getDuration("time").toMillis()).isPositive();
            });
    for (boolean sent : new boolean[] {true, false}) {
      assertThat(of(events, "selvedge.Snapshot"))
          .anySatisfy(
              event -> {
                assertThat(event.getBoolean("sent")).isEqualTo(sent);
                assertThat(event.getBoolean("complete")).isTrue();
                assertThat(event.getLong("entries")).isPositive();
              });
    }
    assertThat(of(events, "selvedge.FollowedBatch"))
        .anySatisfy(event -> assertThat(event.getInt("changes")).isPositive());
  }

  private void writeAndFollow() throws Exception {
    try (LocalServer origin =
            servers.startHere(Launch.on(folder.resolve("origin")).limit("slow-request-millis", 1));
        RestClient client = origin.client()) {
      String namespace = client.createNamespace("n");
      client.put(namespace, "large", Bytes.copyOf(new byte[LARGE_BYTES])).ok();
      try (LocalServer edge =
              servers.startHere(Launch.on(folder.resolve("edge")).follow(origin.uri(), "fra"));
          RestClient reader = edge.client()) {
        Polling.await(
            "the snapshot is complete", () -> reader.get(namespace, "large").status() == 200);
        client.put(namespace, "later", Bytes.utf8("v")).ok();
        Polling.await(
            "the change is followed", () -> reader.get(namespace, "later").status() == 200);
      }
    }
  }

  private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }
}
