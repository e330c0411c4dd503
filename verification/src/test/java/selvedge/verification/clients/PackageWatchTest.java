package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The watch of {@code @selvedge/workers}, and the epochs that it names, against given answers. */
final class PackageWatchTest {
  private static final Path PACKAGE = Path.of("..", "workers/src/selvedge.js");

  @Test
  void aWatchConnectsAgainOrThrowsAndNamesTheRightEpochs() throws Exception {
    Process script =
        new ProcessBuilder("node", "clients/watch.mjs", PACKAGE.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output).isEqualTo("ok\n");
    } finally {
      script.destroyForcibly();
    }
  }
}
