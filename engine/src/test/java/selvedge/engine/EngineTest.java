package selvedge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.model.Limits;
import selvedge.model.Profile;

final class EngineTest {
  @TempDir Path directory;

  @Test
  void aClosedEngineDoesNotSayThatItsWriterFailed() {
    var options =
        new EngineOptions(
            directory,
            Limits.of(Profile.OPEN),
            InstantSource.system(),
            System::nanoTime,
            new SplittableRandom(1),
            (_, _) -> {});
    Engine<Origin> engine = Engine.origin(options, Meter.NONE);
    assertThat(engine.trouble()).isEmpty();
    engine.close();
    assertThat(engine.trouble().orElse("")).contains("closed").doesNotContain("the writer");
  }
}
