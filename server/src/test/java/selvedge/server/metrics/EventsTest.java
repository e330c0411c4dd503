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
    Path file = folder.resolve("recording.jfr");
    try (var recording = new Recording()) {
      recording.enable("selvedge.Commit");
      recording.start();
      new ServerMetrics().committed(3, 2_000_000);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().getInt("changes")).isEqualTo(3);
    assertThat(events.getFirst().getDuration("time")).hasMillis(2);
  }
}
