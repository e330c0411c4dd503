package selvedge.verification.clients;

import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.verification.process.SharedServer;

/** The newest wrangler on the Node.js 22 that it requires. */
final class WranglerOnNode22Test extends WranglerContract {
  @RegisterExtension static final SharedServer SERVER = new SharedServer();

  @Override
  SharedServer server() {
    return SERVER;
  }

  @Override
  NpmProject project() {
    return NpmProject.newest();
  }
}
