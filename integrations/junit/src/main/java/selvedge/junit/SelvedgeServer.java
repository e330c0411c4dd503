package selvedge.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/**
 * A real server on a free port with a temporary directory. An instance field starts one for each
 * test, a static field one for all tests of the class.
 *
 * <p>{@code @RegisterExtension static final SelvedgeServer server = new SelvedgeServer();}
 */
public final class SelvedgeServer
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
  private @Nullable Running running;
  private boolean shared;

  /** Creates the extension. The server starts with the test. */
  public SelvedgeServer() {}

  private record Running(Path directory, Server server, URI uri, Selvedge client) {
    static Running start() {
      try {
        Path directory = Files.createTempDirectory("selvedge-test");
        var server =
            new Server(
                Config.of(
                    List.of(
                        new Setting("listen", "127.0.0.1:0", "the test"),
                        new Setting("data", directory.toString(), "the test"))));
        URI uri = server.start();
        return new Running(directory, server, uri, Client.of(ClientOptions.of(uri)));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot create a directory for the server", e);
      }
    }

    void stop() {
      client.close();
      server.close();
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot delete " + directory, e);
      }
    }
  }

  private Running running() {
    if (running == null) {
      throw new IllegalStateException("the server runs during tests: register it as an extension");
    }
    return running;
  }

  /**
   * Returns the address of the server.
   *
   * @return an address with a free port of this machine
   * @throws IllegalStateException if no test is running
   */
  public URI uri() {
    return running().uri();
  }

  /**
   * Returns a namespace through a client, and creates it if there is none. Blocks.
   *
   * @param title its title
   * @return the namespace
   * @throws IllegalStateException if no test is running
   */
  public Namespace namespace(String title) {
    return running().client().namespace(title);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    shared = true;
    running = Running.start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!shared) {
      running = Running.start();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!shared) {
      stop();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    stop();
  }

  private void stop() {
    Running last = running;
    running = null;
    if (last != null) {
      last.stop();
    }
  }
}
