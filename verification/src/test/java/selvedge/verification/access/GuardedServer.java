package selvedge.verification.access;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import selvedge.cluster.RaftVoter;
import selvedge.server.Server;
import selvedge.server.ServerFile;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** A server in this process, and a client with its root token. */
record GuardedServer(Server server, URI uri, RestClient root) implements AutoCloseable {
  static final String ROOT = "root-token-of-the-tests-of-access";

  /** Starts an origin. */
  static GuardedServer origin(Path data, InstantSource clock, String... settings) {
    return start(data, clock, with(settings, "root-token", ROOT, "account", Launch.ACCOUNT));
  }

  /** Starts an origin without a token; its client uses the local secret. */
  static GuardedServer open(Path data, InstantSource clock) {
    GuardedServer server = start(data, clock, List.of());
    server.root().close();
    String secret = new ServerFile(data).read().orElseThrow().secret();
    return new GuardedServer(
        server.server(), server.uri(), new RestClient(server.uri(), Version.HTTP_1_1, secret));
  }

  /** Starts an edge of a server. */
  static GuardedServer edge(
      Path data, InstantSource clock, URI origin, String token, String... settings) {
    return start(
        data,
        clock,
        with(settings, "origin", origin.toString(), "location", "fra", "origin-token", token));
  }

  /** Starts a voter of a cluster, and returns once it serves. */
  static GuardedServer voter(
      Path data, InstantSource clock, String listen, String node, String cluster) {
    return start(
        data,
        clock,
        with(
            new String[] {"listen", listen, "node", node, "cluster", cluster},
            "root-token",
            ROOT,
            "account",
            Launch.ACCOUNT));
  }

  private static List<String> with(String[] settings, String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(List.of(settings));
    return all;
  }

  private static GuardedServer start(Path data, InstantSource clock, List<String> settings) {
    List<Setting> all = new ArrayList<>();
    if (!settings.contains("listen")) {
      all.add(new Setting("listen", "127.0.0.1:0", "the test"));
    }
    all.add(new Setting("data", data.toString(), "the test"));
    for (int i = 0; i < settings.size(); i += 2) {
      all.add(new Setting(settings.get(i), settings.get(i + 1), "the test"));
    }
    var server = new Server(Config.of(all), clock, RaftVoter::open);
    URI uri = server.start();
    return new GuardedServer(server, uri, new RestClient(uri, Version.HTTP_1_1, ROOT));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /**
   * Creates a token from a JSON object such as {@code {"grant":"read"}} and returns it with its
   * secret.
   */
  JsonNode token(String wish) {
    return root.send("POST", "/v1/tokens", BodyPublishers.ofString(wish)).ok().json();
  }

  void revoke(JsonNode token) {
    String path = "/v1/tokens/" + token.path("id").asString();
    root.send("DELETE", path, BodyPublishers.noBody()).ok();
  }

  /** Sends a GET with the token. */
  int status(String path, String secret) {
    try (var client = new RestClient(uri, Version.HTTP_1_1, secret)) {
      return client.send("GET", path, BodyPublishers.noBody()).status();
    }
  }

  @Override
  public void close() {
    root.close();
    server.close();
  }
}
