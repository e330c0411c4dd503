package selvedge.verification.access;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RawClient;

/** A server without tokens in this process, with requests over real sockets. */
final class OpenServer implements AutoCloseable {
  private final Server server;
  private final URI uri;

  private OpenServer(Server server) {
    this.server = server;
    this.uri = server.start();
  }

  /**
   * @param settings keys and values in turn
   */
  static OpenServer on(Path data, String... settings) {
    List<Setting> all = new ArrayList<>();
    all.add(new Setting("listen", "127.0.0.1:0", "test"));
    all.add(new Setting("data", data.toString(), "test"));
    for (int i = 0; i < settings.length; i += 2) {
      all.add(new Setting(settings[i], settings[i + 1], "test"));
    }
    if (all.stream().noneMatch(setting -> setting.key().equals("origin"))) {
      all.add(new Setting("account", Launch.ACCOUNT, "test"));
    }
    return new OpenServer(new Server(Config.of(all)));
  }

  URI uri() {
    return uri;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /** Sends one request on a new connection. */
  RawClient.Answer ask(String request, String... headers) throws Exception {
    try (var client = new RawClient(address())) {
      client.send(head(request, headers));
      return client.receive();
    }
  }

  /** Sends one request with a text body on a new connection. */
  RawClient.Answer send(String request, String body, String... headers) throws Exception {
    try (var client = new RawClient(address())) {
      List<String> all = new ArrayList<>(List.of(headers));
      all.add("Content-Length: " + body.length());
      client.send(head(request, all.toArray(String[]::new)) + body);
      return client.receive();
    }
  }

  static String head(String request, String... headers) {
    return request
        + " HTTP/1.1\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + "\r\n";
  }

  @Override
  public void close() {
    server.close();
  }
}
