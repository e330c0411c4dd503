package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.ServerProcess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the scenarios in {@code verification/clients}, which are written in JavaScript, as tests.
 */
final class Scenarios {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final JsonMapper JSON = new JsonMapper();

  private Scenarios() {}

  /**
   * Runs all scenarios of a module in one process.
   *
   * @param tokens the tokens by the names of their environment variables
   */
  static List<DynamicTest> of(String module, ServerProcess server, Map<String, String> tokens) {
    return of(NpmProject.stock(), module, server, tokens);
  }

  /** As {@link #of(String, ServerProcess, Map)}, on the Node.js of a project. */
  static List<DynamicTest> of(
      NpmProject project, String module, ServerProcess server, Map<String, String> tokens) {
    Map<String, String> environment = new HashMap<>(tokens);
    environment.put("SELVEDGE_URL", server.uri().toString());
    environment.put("SELVEDGE_ACCOUNT", Launch.ACCOUNT);
    Path folder = Path.of("clients").toAbsolutePath();
    ProcessResult result =
        project
            .script(folder.resolve("scenarios.mjs").toString(), folder, environment)
            .with(List.of(folder.resolve(module).toString()))
            .run(TIMEOUT)
            .ok();
    Stream<DynamicTest> tests =
        result.text().lines().map(line -> test(JSON.readTree(line), server));
    List<DynamicTest> all = tests.toList();
    assertThat(all).as("scenarios of %s", module).isNotEmpty();
    return all;
  }

  private static DynamicTest test(JsonNode line, ServerProcess server) {
    String name = line.path("name").asString();
    return DynamicTest.dynamicTest(
        name,
        () -> {
          String failure = line.path("failure").asString("");
          if (!failure.isEmpty()) {
            throw new AssertionError(
                name + ": " + failure + "\noutput of the server:\n" + server.log());
          }
        });
  }
}
