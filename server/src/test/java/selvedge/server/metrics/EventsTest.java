package selvedge.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events of Java Flight Recorder have the measured times. */
final class EventsTest {
  @TempDir Path folder;

  @Test
  void aCommitIsRecorded() throws IOException {
    RecordedEvent event =
        record("selvedge.Commit", () -> new ServerMetrics().committed(3, 2_000_000));

    assertThat(event.getInt("changes")).isEqualTo(3);
    assertThat(event.getDuration("time")).hasMillis(2);
  }

  @Test
  void aSyncIsRecordedWithItsTime() throws IOException {
    RecordedEvent event = record("selvedge.Sync", () -> SyncEvent.begun().run());

    assertThat(event.getDuration()).isPositive();
  }

  @Test
  void aSnapshotIsRecordedAlsoIfItBreaksOff() throws IOException {
    RecordedEvent event =
        record("selvedge.Snapshot", () -> SnapshotEvent.begun(true).ended(7, false));

    assertThat(event.getBoolean("sent")).isTrue();
    assertThat(event.getLong("entries")).isEqualTo(7);
    assertThat(event.getBoolean("complete")).isFalse();
  }

  /** Returns the only event of a name that an act causes. */
  private RecordedEvent record(String name, Runnable act) throws IOException {
    Path file = folder.resolve("recording.jfr");
    try (var recording = new Recording()) {
      recording.enable(name).withoutThreshold();
      recording.start();
      act.run();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }
}
