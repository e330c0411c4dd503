package selvedge.verification.clients;

import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.verification.process.SharedServer;

/** The newest wrangler that runs on Node.js 20. */
final class WranglerOnNode20Test extends WranglerContract {
  @RegisterExtension static final SharedServer SERVER = new SharedServer();

  @Override
  SharedServer server() {
    return SERVER;
  }

  @Override
  NpmProject project() {
    return NpmProject.stock();
  }
}
