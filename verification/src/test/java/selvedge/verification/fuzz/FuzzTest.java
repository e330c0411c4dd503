package selvedge.verification.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.Seed;

/**
 * Runs each fuzz target in a separate process with coverage guidance. {@code -Dfuzz=} sets the
 * number of inputs of each; a target with a server gets a tenth, and the target of all parsers a
 * hundredth.
 */
final class FuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz", 20_000);
  private static final int BYTES_MAX = 2000;
  private static final Duration TIMEOUT = Duration.ofHours(2);

  /**
   * Hooks of the fuzzer that must be off: the first breaks the queues of Netty, the second forbids
   * connections to the server.
   */
  private static final List<String> DISTURBING =
      List.of(
          "com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
          "com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery");

  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selvedge.verification.fuzz.RequestTarget",
        "selvedge.verification.fuzz.FormTarget",
        "selvedge.verification.fuzz.BulkTarget",
        "selvedge.verification.fuzz.MetadataTarget",
        "selvedge.verification.fuzz.RowsTarget"
      })
  void everyRequestIsAnswered(String target) throws IOException {
    fuzz(target, INPUTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selvedge.verification.fuzz.HttpTarget",
        "selvedge.verification.fuzz.FramesTarget",
        "selvedge.verification.fuzz.CredentialsTarget"
      })
  void everyInputOnAConnectionIsAnswered(String target) throws IOException {
    fuzz(target, INPUTS / 10);
  }

  @Test
  void everyParserAcceptsOrRefusesItsInput() throws IOException {
    fuzz("selvedge.verification.fuzz.ParsersTarget", INPUTS / 100);
  }

  private void fuzz(String target, int inputs) throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    List<String> seeds = FuzzSeeds.of(target);
    for (int i = 0; i < seeds.size(); i++) {
      Files.writeString(corpus.resolve("seed-" + i), seeds.get(i), StandardCharsets.ISO_8859_1);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+EnableDynamicAgentLoading",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target,
            "--instrumentation_includes=selvedge.**",
            "--disabled_hooks=" + String.join(":", DISTURBING),
            "-runs=" + inputs,
            "-max_len=" + BYTES_MAX,
            "-seed=" + seed.random(0).nextInt(1, Integer.MAX_VALUE),
            "-timeout=120",
            "-artifact_prefix=" + folder + "/",
            "--reproducer_path=" + folder,
            corpus.toString()));

    ProcessResult result = new Program(command, folder, Map.of()).run(TIMEOUT);

    assertThat(result.exit()).as("%s", end(result)).isZero();
    assertThat(result.errors()).as("%s", end(result)).contains("Done " + inputs + " runs");
  }

  private static String end(ProcessResult result) {
    String output = result.toString();
    return output.substring(Math.max(0, output.length() - 6000));
  }
}
