package selvedge.verification.contract;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import selvedge.embedded.EmbeddedEdge;
import selvedge.embedded.EmbeddedOptions;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Polling;

final class EmbeddedEdgeTest extends SelvedgeContract {
  @TempDir Path folder;

  private List<Server> server = List.of();
  private Selvedge edge = MemoryNamespaces.selvedge();

  @BeforeEach
  void open() throws Exception {
    var origin =
        new Server(
            Config.of(
                List.of(
                    new Setting("listen", "127.0.0.1:0", "the test"),
                    new Setting("data", folder.resolve("origin").toString(), "the test"))),
            clock);
    server = List.of(origin);
    URI uri = origin.start();
    EmbeddedOptions options = EmbeddedOptions.usual().clock(clock).limits(limits);
    edge = EmbeddedEdge.open(folder.resolve("edge"), uri, options);
    Namespace any = edge.namespace("any");
    Polling.await(
        "a known age", () -> any.getAged(Key.of("k"), ReadOptions.PLAIN).age().isPresent());
  }

  @AfterEach
  void close() {
    edge.close();
    server.forEach(Server::close);
  }

  @Override
  Selvedge selvedge() {
    return edge;
  }

  /**
   * Returns a second: an edge uses the clock of its origin and treats a smaller step as a delay.
   */
  @Override
  Duration clockStep() {
    return Duration.ofSeconds(2);
  }

  @Override
  void awaitExpiry(Namespace namespace, Key key) throws Exception {
    Polling.await("an expiry", () -> namespace.get(key) instanceof Lookup.Missing);
  }
}
