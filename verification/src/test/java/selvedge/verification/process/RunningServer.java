package selvedge.verification.process;

import java.net.InetSocketAddress;
import java.net.URI;

/** A server of a test, in this process or in one of its own. */
public interface RunningServer extends AutoCloseable {

  /** Returns the address without a path or a trailing slash. */
  URI uri();

  default InetSocketAddress address() {
    return new InetSocketAddress(uri().getHost(), uri().getPort());
  }

  default RestClient client() {
    return new RestClient(uri());
  }

  @Override
  void close();
}
