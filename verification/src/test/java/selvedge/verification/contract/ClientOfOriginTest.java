package selvedge.verification.contract;

import java.net.URI;

final class ClientOfOriginTest extends ClientContract {
  @Override
  URI start() {
    return server("origin");
  }
}
