package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import selvedge.verification.process.Program;

/** Builds the packages, and installs and starts them. It needs root, mmdebstrap and npm. */
@Tag("soak")
final class PackagesTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(60);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static String run(String... command) {
    return new Program(List.of(command), ROOT, Map.of()).run(TIMEOUT).ok().text();
  }

  @Test
  void everyPackageInstallsStartsUpgradesAndLeavesTheData() {
    run("dist/build");

    assertThat(run("dist/check", "tarball", "jdk", "npm", "deb", "image", "upgrade"))
        .contains("tarball: first answer", "jdk: first answer", "deb: first answer")
        .contains("npm: first answer", "npm, dev: first answer")
        .contains("image: first answer", "deb, upgraded: first answer")
        .contains("deb: removed, and the data kept")
        .endsWith("the packages work\n");
  }
}
