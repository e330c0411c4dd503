package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;

/** The launcher in a checkout that contains little more than the launcher. */
final class LauncherTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path LIBRARIES = ROOT.resolve("cli/target/dist/lib");
  private static final Pattern MODULE = Pattern.compile("selvedge-([a-z]+)-.*\\.jar");
  private static final Pattern WATCHED =
      Pattern.compile("\\{([a-z,]+)\\}/\\{pom\\.xml,src/main\\}");

  @TempDir Path folder;
  private Path checkout = Path.of("");

  @BeforeEach
  void checkOut() throws IOException {
    checkout = folder.resolve("check out");
    for (String module : modules()) {
      Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.createFile(checkout.resolve(module).resolve("pom.xml"));
    }
    Files.createDirectories(checkout.resolve("workers/src"));
    Files.createFile(checkout.resolve("pom.xml"));
    Files.copy(ROOT.resolve("selvedge"), checkout.resolve("selvedge"));
    Files.createDirectory(checkout.resolve("build"));
    for (String script : List.of("build/find-jdk.sh", "build/train-cache.sh")) {
      Files.copy(ROOT.resolve(script), checkout.resolve(script));
    }
  }

  /** Returns the modules of this project that are on the class path of the command. */
  private static Set<String> modules() throws IOException {
    try (Stream<Path> files = Files.list(LIBRARIES)) {
      return files
          .map(file -> MODULE.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> name.group(1))
          .collect(Collectors.toSet());
    }
  }

  /** Creates a program in the first directory of the path. */
  private void onPath(String name, String script) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Replaces Maven by a script that copies the libraries of this build. */
  private void replaceMaven() throws IOException {
    onPath(
        "mvn",
        """
        echo built >> '%s'
        mkdir -p cli/target/dist
        ln -sfn '%s' cli/target/dist/lib\
        """
            .formatted(folder.resolve("builds"), copyOfLibraries()));
  }

  /** Makes the result of a build, without a class cache. */
  private void plantBuild() throws IOException {
    Path dist = Files.createDirectories(checkout.resolve("cli/target/dist"));
    Files.createSymbolicLink(dist.resolve("lib"), copyOfLibraries());
    Files.createFile(dist.resolve("lib/.complete"));
  }

  /** Replaces the training, which takes longer than all else, by a script that makes a file. */
  private void replaceTraining() throws IOException {
    Path script = checkout.resolve("build/train-cache.sh");
    Files.writeString(script, Files.readString(script) + "\ntrain_cache() { touch \"$1\"; }\n");
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

  private ProcessResult launch(
      Path launcher, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    all.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    return new Program(List.of(launcher.toString()), folder, all)
        .with(List.of(arguments))
        .run(TIMEOUT);
  }

  private ProcessResult launch(String... arguments) {
    return launch(checkout.resolve("selvedge"), Map.of(), arguments);
  }

  @Test
  void buildsOnceAndRuns() throws IOException {
    replaceMaven();

    ProcessResult first = launch("--version");
    ProcessResult second = launch("--version");

    assertThat(first.ok().text()).startsWith("selvedge ");
    assertThat(first.errors()).contains("building (the first time takes a minute or two)");
    assertThat(second.ok().errors()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    assertThat(cache()).isNotEmptyFile();
  }

  @Test
  void buildsAgainAfterASourceHasChanged() throws IOException {
    replaceMaven();
    replaceTraining();
    launch("--version").ok();

    changeASource();
    launch("--version").ok();

    assertThat(builds()).isEqualTo(2);
  }

  private void changeASource() throws IOException {
    Files.createFile(checkout.resolve("model/src/main/New.java"));
  }

  @Test
  void looksForChangesInEveryModuleOfTheCommand() throws IOException {
    Matcher watched = WATCHED.matcher(Files.readString(ROOT.resolve("selvedge")));

    assertThat(watched.find()).isTrue();
    assertThat(Set.of(watched.group(1).split(","))).isEqualTo(modules());
  }

  @Test
  void printsTheVersionOfTheBuild() throws IOException {
    plantBuild();
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    String version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));

    assertThat(launch("--version").ok().text().strip()).isEqualTo("selvedge " + version);
  }

  @Test
  void trainsTheClassCacheOfALaterBuildAtItsSecondStart() throws IOException {
    replaceMaven();
    replaceTraining();
    launch("--version").ok();
    assertThat(cache()).exists();

    changeASource();
    launch("--version").ok();
    assertThat(cache()).doesNotExist();
    launch("--version").ok();
    assertThat(cache()).exists();
  }

  private Path cache() {
    return checkout.resolve("cli/target/dist/selvedge.aot");
  }

  @Test
  void printsTheEndOfAFailedBuild() throws IOException {
    onPath("mvn", "echo there is no such symbol; exit 1");

    ProcessResult result = launch("--version");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors()).contains("there is no such symbol", "the build failed");
  }

  @Test
  void worksThroughLinks() throws IOException {
    plantBuild();
    Path link = Files.createSymbolicLink(folder.resolve("relative"), Path.of("check out/selvedge"));
    Path twice = Files.createSymbolicLink(folder.resolve("twice"), link);

    assertThat(launch(twice, Map.of(), "--version").ok().text()).startsWith("selvedge ");
  }

  @Test
  void ignoresAnOldJava() throws IOException {
    plantBuild();
    Path old = Files.createDirectories(folder.resolve("old"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    onPath("java", "echo an old Java was started; exit 1");
    Files.createDirectory(old.resolve("bin"));
    Files.createSymbolicLink(old.resolve("bin/java"), folder.resolve("bin/java"));

    ProcessResult result =
        launch(checkout.resolve("selvedge"), Map.of("JAVA_HOME", old.toString()), "--version");

    assertThat(result.ok().text()).startsWith("selvedge ");
  }

  @Test
  void findsAJdkWithoutAHomeDirectory() throws IOException {
    plantBuild();
    onPath("java", "echo an old Java was started; exit 1");

    ProcessResult result =
        new Program(
                List.of("env", "-u", "HOME", "-u", "JAVA_HOME", checkout.resolve("selvedge") + ""),
                folder,
                Map.of("PATH", folder.resolve("bin") + ":" + System.getenv("PATH")))
            .with(List.of("--version"))
            .run(TIMEOUT);

    assertThat(result.ok().text()).startsWith("selvedge ");
  }

  /** {@code dist/check} does the same with the packages that have a runtime. */
  @ParameterizedTest
  @ValueSource(strings = {"selvedge", "dist/launcher-jdk"})
  void saysThatTheProcessMayOpenTooFewFiles(String launcher) throws IOException {
    plantBuild();
    Files.copy(ROOT.resolve("build/find-jdk.sh"), folder.resolve("lib/find-jdk.sh"));
    Files.createDirectories(folder.resolve("bin"));
    Files.copy(ROOT.resolve("dist/launcher-jdk"), folder.resolve("bin/selvedge"));
    Path command =
        launcher.equals("selvedge") ? checkout.resolve("selvedge") : folder.resolve("bin/selvedge");

    ProcessResult result =
        launch(Path.of("sh"), Map.of(), "-c", "ulimit -n 48; exec \"$0\" serve", command + "");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.errors())
        .isEqualTo(
            "selvedge: this process may open only 48 files and connections: raise the limit, such"
                + " as with ulimit -n 65536\n");
  }

  @Test
  void returnsTheExitStatusOfTheCommand() throws IOException {
    plantBuild();

    ProcessResult result = launch("serve", "--profile", "unheard-of");

    assertThat(result.exit()).isNotZero();
    assertThat(result.errors()).contains("unheard-of");
  }
}
