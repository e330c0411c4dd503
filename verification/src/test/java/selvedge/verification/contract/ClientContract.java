package selvedge.verification.contract;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

/** The contract of a client of an origin or of an edge. */
abstract class ClientContract extends SelvedgeContract {
  @TempDir Path folder;

  private final List<Server> servers = new ArrayList<>();
  private Selvedge client = MemoryNamespaces.selvedge();

  /** Starts the server and returns its address. */
  abstract URI start() throws Exception;

  final URI server(String name, String... settings) {
    List<Setting> all = new ArrayList<>();
    all.add(new Setting("listen", "127.0.0.1:0", "the test"));
    all.add(new Setting("data", folder.resolve(name).toString(), "the test"));
    for (int i = 0; i < settings.length; i += 2) {
      all.add(new Setting(settings[i], settings[i + 1], "the test"));
    }
    var server = new Server(Config.of(all), clock);
    servers.add(server);
    return server.start();
  }

  @BeforeEach
  final void connect() throws Exception {
    client = Client.of(ClientOptions.of(start()));
  }

  @AfterEach
  final void stop() {
    client.close();
    servers.reversed().forEach(Server::close);
  }

  @Override
  final Selvedge selvedge() {
    return client;
  }
}
