package selvedge.verification.clients;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.verification.process.SharedServer;

/** The stock clients at a server with the limits of the service: see {@code limited.mjs}. */
final class LimitedServerTest {
  @RegisterExtension
  static final SharedServer SERVER = new SharedServer("--profile", "workers-free");

  @TestFactory
  List<DynamicTest> tellsTheClientsToComeBackLater() {
    return Scenarios.of("limited.mjs", SERVER.process(), Map.of("SELVEDGE_TOKEN", "any"));
  }
}
