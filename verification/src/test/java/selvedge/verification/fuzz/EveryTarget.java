package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Selects a target by the last byte of each input, so that one process runs all targets. The fuzzer
 * takes longer to start than it takes for the inputs of a build.
 */
public final class EveryTarget {
  /** The targets by the value of the last byte. A faster target has more values. */
  static final List<String> TARGETS =
      List.of(
          "RequestTarget",
          "FormTarget",
          "BulkTarget",
          "MetadataTarget",
          "RowsTarget",
          "HttpTarget",
          "FramesTarget",
          "CredentialsTarget",
          "ParsersTarget",
          "RequestTarget",
          "FormTarget",
          "BulkTarget",
          "MetadataTarget",
          "RowsTarget",
          "RequestTarget",
          "BulkTarget");

  private static final Map<String, Integer> INPUTS = new TreeMap<>();

  private EveryTarget() {}

  /** Prepares the targets before the first input, whose time is limited. */
  public static void fuzzerInitialize() throws IOException, GeneralSecurityException {
    MetadataTarget.fuzzerInitialize();
    HttpTarget.fuzzerInitialize();
    FramesTarget.fuzzerInitialize();
    CredentialsTarget.fuzzerInitialize();
    ParsersTarget.fuzzerInitialize();
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    String target = TARGETS.get(data.consumeInt(0, TARGETS.size() - 1));
    INPUTS.merge(target, 1, Integer::sum);
    switch (target) {
      case "RequestTarget" -> RequestTarget.fuzzerTestOneInput(data);
      case "FormTarget" -> FormTarget.fuzzerTestOneInput(data.consumeRemainingAsBytes());
      case "BulkTarget" -> BulkTarget.fuzzerTestOneInput(data.consumeRemainingAsBytes());
      case "MetadataTarget" -> MetadataTarget.fuzzerTestOneInput(data.consumeRemainingAsBytes());
      case "RowsTarget" -> RowsTarget.fuzzerTestOneInput(data.consumeRemainingAsBytes());
      case "HttpTarget" -> HttpTarget.fuzzerTestOneInput(data.consumeRemainingAsBytes());
      case "FramesTarget" -> FramesTarget.fuzzerTestOneInput(data);
      case "CredentialsTarget" -> CredentialsTarget.fuzzerTestOneInput(data);
      default -> ParsersTarget.fuzzerTestOneInput(data);
    }
  }

  /** Prints the inputs of each target after the last input. */
  public static void fuzzerTearDown() {
    INPUTS.forEach((target, inputs) -> System.err.println(target + " had " + inputs + " inputs"));
  }
}
