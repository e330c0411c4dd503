package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** One token that uses as much as it can must not block others. */
final class FairSharesTest {
  private static final String ROOT = "root-token-of-a-test-0123456789abcdef";
  private static final int MANY = 515;
  private static final int LARGE_BYTES = 20_000_000;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private final List<RawClient> greedy = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (RawClient each : greedy) {
      each.close();
    }
  }

  private Launch guarded() {
    return Launch.on(data).with("--root-token", ROOT);
  }

  private static RestClient client(ServerProcess server, String token) {
    return new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, token);
  }

  /** Creates a token and returns its secret. */
  private static String token(RestClient root, String grant) {
    String wish = "{\"name\":\"t\",\"account\":\"all\",\"grant\":\"" + grant + "\"}";
    return root.send("POST", "/v1/tokens", BodyPublishers.ofString(wish))
        .ok()
        .json()
        .path("secret")
        .asString();
  }

  private RawClient greedy(ServerProcess server) throws IOException {
    var client = new RawClient(server.address(), 4096);
    greedy.add(client);
    return client;
  }

  private static String head(String method, String path, String token, String more) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(method, path, token, more);
  }

  private static void requireServes(RestClient client, String namespace) {
    for (String probe : List.of("/livez", "/readyz")) {
      assertThat(client.send("GET", probe, BodyPublishers.noBody()).status()).isEqualTo(200);
    }
    assertThat(client.put(namespace, "other", Bytes.utf8("x".repeat(100_000))).status())
        .isEqualTo(200);
    assertThat(client.get(namespace, "other").status()).isEqualTo(200);
    assertThat(client.list(namespace, "limit=10").status()).isEqualTo(200);
  }

  @Test
  void slowBodiesOfOneTokenDoNotBlockOthers() throws Exception {
    ServerProcess server = servers.start(guarded());
    try (RestClient root = client(server, ROOT);
        RestClient other = client(server, token(root, "write"))) {
      String namespace = root.createNamespace("shared");
      String slow = token(root, "read");
      for (int i = 0; i < MANY; i++) {
        greedy(server)
            .send(
                head(
                        "POST",
                        RestClient.namespace(namespace) + "/bulk/get",
                        slow,
                        "Content-Length: 200000\r\n")
                    + "{");
      }

      requireServes(other, namespace);
      assertThat(root.send("GET", "/v1/status", BodyPublishers.noBody()).status()).isEqualTo(200);
    }
  }

  @Test
  void slowReadersOfOneTokenDoNotBlockOthers() throws Exception {
    ServerProcess server = servers.start(guarded());
    try (RestClient root = client(server, ROOT);
        RestClient other = client(server, token(root, "write"))) {
      String namespace = root.createNamespace("shared");
      root.put(namespace, "large", new Stamp("large", 1, LARGE_BYTES).value()).ok();
      String slow = token(root, "read");
      for (int i = 0; i < MANY; i++) {
        greedy(server).send(head("GET", RestClient.value(namespace, "large"), slow, ""));
      }

      requireServes(other, namespace);
      assertThat(other.get(namespace, "large").ok().body().length()).isEqualTo(LARGE_BYTES);
    }
  }

  @Test
  void feedsOfOneTokenDoNotBlockOthers() throws Exception {
    ServerProcess server = servers.start(guarded().limit("feeds", 16));
    try (RestClient root = client(server, ROOT)) {
      String namespace = root.createNamespace("watched");
      String reader = token(root, "read");
      String feed = "/v1/feed?namespace=" + namespace;
      for (int i = 0; i < 16; i++) {
        greedy(server).send(head("GET", feed, reader, ""));
      }

      for (RawClient each : greedy) {
        each.startOfBody();
      }
      try (var other = new RawClient(server.address())) {
        other.send(head("GET", feed, token(root, "read"), ""));

        assertThat(other.startOfBody()).contains("heartbeat");
      }
    }
  }

  @Test
  void closesTheConnectionOfABodyBelowTheMinimumRate() throws Exception {
    ServerProcess server =
        servers.start(
            Launch.on(data).limit("body-seconds", 1).limit("body-bytes-per-second-min", 1 << 20));
    try (RestClient client = server.client();
        RawClient large = new RawClient(server.address());
        RawClient small = new RawClient(server.address())) {
      String namespace = client.createNamespace("slow");
      for (RawClient each : List.of(large, small)) {
        String length = each == large ? "200000" : "1000";
        each.send(
            "PUT "
                + RestClient.value(namespace, "slow")
                + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + length
                + "\r\n\r\n");
        sendUntilAnswered(each);
        assertThat(each.receive().status()).isEqualTo(408);
      }
    }
  }

  /** Sends single bytes: each arrives before the timeout, but the rate is below the minimum. */
  private static void sendUntilAnswered(RawClient client) throws Exception {
    Polling.await(
        "a body that is cut",
        () -> {
          client.send("x");
          return client.hasMore();
        });
  }

  @Test
  void closesTheLongestIdleConnectionForANewOne() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("connections", 3));
    for (int i = 0; i < 3; i++) {
      RawClient client = greedy(server);
      client.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.receive().status()).isEqualTo(200);
    }

    try (var other = new RawClient(server.address())) {
      other.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(other.receive().status()).isEqualTo(200);
      assertThat(greedy.getFirst().readToEnd()).isZero();
      greedy.getLast().send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(greedy.getLast().receive().status()).isEqualTo(200);
    }
  }

  @Test
  void closesAConnectionWithAnIncompleteSecondHead() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("header-seconds", 1));
    try (var client = new RawClient(server.address())) {
      client.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nHo");

      assertThat(client.receive().status()).isEqualTo(200);
      assertThat(client.receive().status()).isEqualTo(408);
    }
  }
}
