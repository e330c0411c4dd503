package selvedge.verification.clients;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.verification.process.SharedServer;

/** The driver {@code cloudflare-kv-http} of unstorage: see {@code clients/unstorage.mjs}. */
final class UnstorageTest {
  @RegisterExtension static final SharedServer SERVER = new SharedServer();

  @TestFactory
  List<DynamicTest> storesAsOnTheService() {
    return Scenarios.of("unstorage.mjs", SERVER.process(), Map.of("SELVEDGE_TOKEN", "any"));
  }
}
