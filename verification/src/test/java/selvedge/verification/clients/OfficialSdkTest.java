package selvedge.verification.clients;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.verification.process.SharedServer;

/** The official SDK, npm's {@code cloudflare}: see {@code clients/official-sdk.mjs}. */
final class OfficialSdkTest {
  @RegisterExtension static final SharedServer SERVER = new SharedServer();

  @TestFactory
  List<DynamicTest> findsEveryMethodOfTheService() {
    return Scenarios.of("official-sdk.mjs", SERVER.process(), Map.of("SELVEDGE_TOKEN", "any"));
  }
}
