package selvedge.verification.fuzz;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.Seed;

/**
 * Runs the fuzz targets in a separate process with coverage guidance. A build runs them all in one
 * process. The soak profile runs each in its own; {@code -Dfuzz=} sets the number of inputs of each
 * there. A target with a server gets a tenth, and the target of all parsers a hundredth.
 */
final class FuzzTest {
  private static final int INPUTS = Integer.getInteger("fuzz", 20_000);
  private static final int INPUTS_OF_ALL = 12_000;

  /** Inputs of each target without which a build has not fuzzed it. */
  private static final int INPUTS_MIN = 20;

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

  /** Hooks in the classes of all libraries would make a server twenty times slower. */
  private static final String INSTRUMENTED = "selvedge.**";

  /** A build spends more time on compiling hot methods than it gains. */
  private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

  private static final Pattern INPUTS_OF_TARGET = Pattern.compile("(\\w+) had (\\d+) inputs");

  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path folder;

  @Test
  void everyTargetAcceptsOrRefusesItsInputs() throws IOException {
    ProcessResult result = fuzz("EveryTarget", INPUTS_OF_ALL, QUICK);

    Map<String, Integer> inputs =
        INPUTS_OF_TARGET
            .matcher(result.errors())
            .results()
            .collect(toMap(each -> each.group(1), each -> Integer.parseInt(each.group(2))));
    assertThat(inputs).containsOnlyKeys(EveryTarget.TARGETS);
    assertThat(inputs.values()).as("%s", inputs).allMatch(each -> each >= INPUTS_MIN);
  }

  @Tag("soak")
  @ParameterizedTest
  @ValueSource(
      strings = {"RequestTarget", "FormTarget", "BulkTarget", "MetadataTarget", "RowsTarget"})
  void everyRequestIsAnswered(String target) throws IOException {
    fuzz(target, INPUTS, List.of());
  }

  @Tag("soak")
  @ParameterizedTest
  @ValueSource(strings = {"HttpTarget", "FramesTarget", "CredentialsTarget"})
  void everyInputOnAConnectionIsAnswered(String target) throws IOException {
    fuzz(target, INPUTS / 10, List.of());
  }

  @Tag("soak")
  @Test
  void everyParserAcceptsOrRefusesItsInput() throws IOException {
    fuzz("ParsersTarget", INPUTS / 100, List.of());
  }

  private ProcessResult fuzz(String target, int inputs, List<String> options) throws IOException {
    Path corpus = Files.createDirectory(folder.resolve("corpus"));
    List<String> seeds = FuzzSeeds.of(target);
    for (int i = 0; i < seeds.size(); i++) {
      Files.writeString(corpus.resolve("seed-" + i), seeds.get(i), StandardCharsets.ISO_8859_1);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
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
            "--target_class=selvedge.verification.fuzz." + target,
            "--instrumentation_includes=" + INSTRUMENTED,
            "--custom_hook_includes=" + INSTRUMENTED,
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
    return result;
  }

  private static String end(ProcessResult result) {
    String output = result.toString();
    return output.substring(Math.max(0, output.length() - 6000));
  }
}
