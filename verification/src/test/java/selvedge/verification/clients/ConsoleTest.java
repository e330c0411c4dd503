package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Program;
import selvedge.verification.process.SharedServer;

/** The console: its committed files, and its pages in Chromium; see {@code console/test}. */
final class ConsoleTest {
  private static final String ROOT = "root-token-of-the-tests-of-the-console";

  /** A scenario mostly waits for its own window. */
  private static final String SCENARIOS_AT_ONCE = "3";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path COMMITTED = Path.of("../server/src/main/resources/selvedge/console");

  private static final int KEYS = Integer.getInteger("keys", 20_000);

  @RegisterExtension static final SharedServer SERVER = new SharedServer();

  @RegisterExtension static final SharedServer GUARDED = new SharedServer("--root-token", ROOT);

  @TempDir Path folder;

  /** After a change, {@code npm run build} in {@code console} writes the files. */
  @Test
  void theCommittedFilesAreBuiltFromTheSources() throws IOException {
    NpmProject console = NpmProject.console();
    Path built = folder.resolve("built");

    new Program(List.of(console.bin("tsc").toString(), "--noEmit"), console.folder(), Map.of())
        .run(PATIENCE)
        .ok();
    console
        .script("build.mjs", folder, Map.of())
        .with(List.of(built.toString()))
        .run(PATIENCE)
        .ok();

    assertThat(files(COMMITTED)).isEqualTo(files(built));
  }

  private static SortedMap<String, Bytes> files(Path directory) throws IOException {
    SortedMap<String, Bytes> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Bytes.adopt(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @TestFactory
  List<DynamicTest> frame() {
    return scenarios("frame.mjs");
  }

  /** The soak profile has 1,000,000 keys. */
  @TestFactory
  List<DynamicTest> keysAndEntries() {
    return scenarios("browse.mjs");
  }

  @TestFactory
  List<DynamicTest> history() {
    return scenarios("history.mjs");
  }

  @TestFactory
  List<DynamicTest> states() {
    return scenarios("states.mjs");
  }

  private static List<DynamicTest> scenarios(String module) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SELVEDGE_GUARDED_URL", GUARDED.process().uri().toString());
    environment.put("SELVEDGE_ROOT_TOKEN", ROOT);
    environment.put("SCENARIOS_AT_ONCE", SCENARIOS_AT_ONCE);
    environment.put("CONSOLE_KEYS", Integer.toString(KEYS));
    environment.put("SCENARIO_SECONDS", KEYS > 100_000 ? "280" : "60");
    return Scenarios.of(
        NpmProject.console(), "../../console/test/" + module, SERVER.process(), environment);
  }
}
