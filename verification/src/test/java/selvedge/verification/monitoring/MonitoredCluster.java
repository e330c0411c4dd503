package selvedge.verification.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.tls.Trust;
import selvedge.server.Server;
import selvedge.server.ServerFile;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import selvedge.verification.tls.Authority;

/** An origin without TLS, and an edge of it with TLS, which has answered requests. */
final class MonitoredCluster implements AutoCloseable {
  private final Path folder;
  private final List<Server> servers = new ArrayList<>();
  private final URI origin;
  private final String namespace;

  MonitoredCluster(Path folder) throws Exception {
    this.folder = folder;
    Path certificate = folder.resolve("cert.pem");
    Path key = folder.resolve("key.pem");
    new Authority("monitored").issue("kv.example").write(certificate, key);
    this.origin =
        start(
            setting("listen", "127.0.0.1:0"), setting("data", folder.resolve("origin").toString()));
    URI edge =
        start(
            setting("listen", "127.0.0.1:0"),
            setting("data", folder.resolve("edge").toString()),
            setting("origin", origin.toString()),
            setting("tls-cert", certificate.toString()),
            setting("tls-key", key.toString()),
            setting("location", "fra"));
    assertThat(edge.getScheme()).isEqualTo("https");
    try (var client = new RestClient(origin)) {
      this.namespace = client.createNamespace("n");
    }
    use();
    Polling.await(
        "a report of the edge",
        () -> originMetrics().contains("selvedge_follower_connected{edge=\"fra\"} 1"));
  }

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  private URI start(Setting... settings) {
    var server = new Server(Config.of(List.of(settings)));
    servers.add(server);
    return server.start();
  }

  /** Writes and reads an entry. */
  void use() {
    try (var client = new RestClient(origin)) {
      client.put(namespace, "k", Bytes.utf8("v")).ok();
      client.get(namespace, "k").ok();
    }
  }

  URI origin() {
    return origin;
  }

  ServerFile.Endpoint edge() {
    return new ServerFile(folder.resolve("edge")).read().orElseThrow();
  }

  String originMetrics() {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return text(client, HttpRequest.newBuilder(origin.resolve("/metrics")));
    }
  }

  String edgeMetrics() {
    ServerFile.Endpoint owner = edge();
    try (HttpClient client = owner.trust(Trust.usual()).http().build()) {
      return text(
          client,
          HttpRequest.newBuilder(owner.uri().resolve("/metrics"))
              .header("Authorization", "Bearer " + owner.secret()));
    }
  }

  private static String text(HttpClient client, HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException("a server does not answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    servers.reversed().forEach(Server::close);
  }
}
