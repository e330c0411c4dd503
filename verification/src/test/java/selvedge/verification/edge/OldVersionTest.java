package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import selvedge.verification.process.Program;

/** Processes of the version that upgrades start from, together with processes of this version. */
@Tag("soak")
final class OldVersionTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Test
  void originsAndEdgesOfBothVersionsWorkTogether() {
    var script =
        new Program(List.of(ROOT.resolve("build/check-upgrade").toString()), ROOT, Map.of());

    assertThat(script.run(TIMEOUT).ok().text())
        .contains(
            "old-edge-new-origin: all changes arrived", "new-edge-old-origin: all changes arrived");
  }
}
