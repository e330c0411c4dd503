package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Program;
import selvedge.verification.process.Ran;

/** The launcher in a checkout that holds little more than itself. */
final class LauncherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path LIBRARIES = ROOT.resolve("cli/target/dist/lib");

  @TempDir Path folder;
  private Path checkout = Path.of("");

  @BeforeEach
  void checkOut() throws IOException {
    checkout = folder.resolve("check out");
    for (String module : List.of("model", "engine", "server", "cli")) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.createFile(checkout.resolve(module).resolve("pom.xml"));
    }
    Files.createDirectories(checkout.resolve("workers/src"));
    Files.createFile(checkout.resolve("pom.xml"));
    Files.copy(ROOT.resolve("selvedge"), checkout.resolve("selvedge"));
    Files.createDirectory(checkout.resolve("build"));
    Files.copy(ROOT.resolve("build/find-jdk.sh"), checkout.resolve("build/find-jdk.sh"));
  }

  /** Puts a program on the path that the launcher sees first. */
  private void onPath(String name, String script) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Stands for Maven where the libraries are built already. */
  private void mavenThatBuilds() throws IOException {
    onPath(
        "mvn",
        """
        echo built >> '%s'
        mkdir -p cli/target/dist
        ln -sfn '%s' cli/target/dist/lib\
        """
            .formatted(folder.resolve("builds"), copyOfLibraries()));
  }

  private Path copyOfLibraries() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("lib"));
    try (var files = Files.list(LIBRARIES)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".jar")).toList()) {
        Files.createSymbolicLink(copy.resolve(file.getFileName()), file.toRealPath());
      }
    }
    return copy;
  }

  private long builds() throws IOException {
    return Files.readAllLines(folder.resolve("builds")).size();
  }

  private Ran launch(Path launcher, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    all.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    return new Program(List.of(launcher.toString()), folder, all)
        .with(List.of(arguments))
        .run(PATIENCE);
  }

  private Ran launch(String... arguments) {
    return launch(checkout.resolve("selvedge"), Map.of(), arguments);
  }

  @Test
  void buildsWhatIsMissingOnceAndRuns() throws IOException {
    mavenThatBuilds();

    Ran first = launch("--version");
    Ran second = launch("--version");

    assertThat(first.ok().text()).startsWith("selvedge ");
    assertThat(first.errors()).contains("building (the first time takes a minute or two)");
    assertThat(second.ok().errors()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws IOException {
    mavenThatBuilds();
    launch("--version").ok();

    Path source = Files.createFile(checkout.resolve("model/src/main/New.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    launch("--version").ok();

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void showsTheEndOfABuildThatFailed() throws IOException {
    onPath("mvn", "echo there is no such symbol; exit 1");

    Ran ran = launch("--version");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.errors()).contains("there is no such symbol", "the build failed");
  }

  @Test
  void worksThroughLinks() throws IOException {
    mavenThatBuilds();
    Path link = Files.createSymbolicLink(folder.resolve("relative"), Path.of("check out/selvedge"));
    Path twice = Files.createSymbolicLink(folder.resolve("twice"), link);

    assertThat(launch(twice, Map.of(), "--version").ok().text()).startsWith("selvedge ");
  }

  @Test
  void passesOverAnOldJava() throws IOException {
    mavenThatBuilds();
    Path old = Files.createDirectories(folder.resolve("old"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    onPath("java", "echo an old Java was started; exit 1");
    Files.createDirectory(old.resolve("bin"));
    Files.createSymbolicLink(old.resolve("bin/java"), folder.resolve("bin/java"));

    Ran ran =
        launch(checkout.resolve("selvedge"), Map.of("JAVA_HOME", old.toString()), "--version");

    assertThat(ran.ok().text()).startsWith("selvedge ");
  }

  @Test
  void tellsTheExitStatusOfWhatItRuns() throws IOException {
    mavenThatBuilds();

    Ran ran = launch("serve", "--profile", "unheard-of");

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.errors()).contains("unheard-of");
  }
}
