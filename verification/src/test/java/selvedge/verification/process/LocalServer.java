package selvedge.verification.process;

import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import selvedge.server.Server;
import selvedge.server.config.Config;

/**
 * A server in the process of the test. It starts much faster than a process, and suits tests that
 * neither kill the server nor read its output.
 */
public final class LocalServer implements RunningServer {
  private final Server server;
  private final URI uri;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalServer(Server server) {
    this.server = server;
    this.uri = server.start();
  }

  static LocalServer start(Launch launch) {
    return new LocalServer(new Server(Config.of(launch.settings())));
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.close();
    }
  }
}
