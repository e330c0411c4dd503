package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** The audit of a server that runs in this process. */
final class AuditedServerTest {
  private static final String NAMESPACES =
      "/client/v4/accounts/" + Launch.ACCOUNT + "/storage/kv/namespaces";

  @TempDir Path folder;

  private final InstantSource clock = InstantSource.system();

  private static List<JsonNode> acts(GuardedServer server) {
    List<JsonNode> acts = new ArrayList<>();
    server
        .root()
        .send("GET", "/v1/audit", BodyPublishers.noBody())
        .ok()
        .json()
        .path("acts")
        .forEach(acts::add);
    return acts;
  }

  private static List<String> summary(GuardedServer server) {
    return acts(server).stream()
        .map(act -> act.path("operation").asString() + " " + act.path("status").asInt())
        .toList();
  }

  private static JsonNode send(GuardedServer server, String method, String path, String body) {
    return server.root().send(method, path, BodyPublishers.ofString(body)).ok().json();
  }

  @Test
  void administrativeActsAreRecordedAndKeptAcrossARestart() {
    String reader;
    try (GuardedServer server = GuardedServer.origin(folder.resolve("data"), clock)) {
      JsonNode token = server.token("{\"grant\":\"read\",\"name\":\"ci\\n\\u001b[31m\"}");
      reader = token.path("secret").asString();
      String id = token.path("id").asString();
      assertThat(server.status("/v1/audit", reader)).isEqualTo(403);
      try (var client = new RestClient(server.uri(), Version.HTTP_1_1, reader)) {
        client.send("POST", "/v1/tokens", BodyPublishers.ofString("{\"grant\":\"admin\"}"));
        client.send("PUT", "/v1/namespaces/mine", BodyPublishers.noBody());
      }
      String namespace =
          send(server, "POST", NAMESPACES, "{\"title\":\"one\"}")
              .path("result")
              .path("id")
              .asString();
      send(server, "PUT", NAMESPACES + "/" + namespace, "{\"title\":\"two\"}");
      send(server, "PUT", "/v1/namespaces/three", "");
      send(server, "PUT", "/v1/namespaces/three", "");
      send(server, "PUT", NAMESPACES + "/" + namespace + "/values/k", "no act");
      send(server, "DELETE", NAMESPACES + "/" + namespace, "");
      server.revoke(token);

      assertThat(summary(server))
          .containsExactly(
              "create token 200",
              "create token 403",
              "create namespace 403",
              "create namespace 200",
              "rename namespace 200",
              "create namespace 200",
              "remove namespace 200",
              "revoke token 200");
      JsonNode first = acts(server).getFirst();
      assertThat(first.path("actor").asString()).isEqualTo("token root");
      assertThat(first.path("address").asString()).startsWith("127.0.0.1:");
      assertThat(first.path("result").path("id").asString()).isEqualTo(id);
      assertThat(first.path("result").path("name").asString()).isEqualTo("ci\n\u001b[31m");
      assertThat(acts(server).get(1).path("actor").asString()).startsWith("token " + id + " (ci");
      assertThat(acts(server).toString()).doesNotContain(reader, GuardedServer.ROOT);
    }
    try (GuardedServer server = GuardedServer.origin(folder.resolve("data"), clock)) {
      assertThat(summary(server)).hasSize(8);
      JsonNode page = send(server, "GET", "/v1/audit?after=2&limit=3", "");
      assertThat(page.path("acts")).hasSize(3);
      assertThat(page.path("next").asLong()).isEqualTo(5);
    }
  }

  @Test
  void anUnknownTokenIsRecordedAsNotAdmitted() {
    try (GuardedServer server = GuardedServer.origin(folder.resolve("data"), clock);
        var stranger = new RestClient(server.uri(), Version.HTTP_1_1, "x".repeat(40))) {
      assertThat(stranger.send("POST", "/v1/tokens", BodyPublishers.noBody()).status())
          .isEqualTo(401);
      assertThat(acts(server))
          .singleElement()
          .satisfies(
              act -> {
                assertThat(act.path("actor").asString()).startsWith("not admitted");
                assertThat(act.path("status").asInt()).isEqualTo(401);
              });
    }
  }

  @Test
  void anActThatAnEdgeAnswersIsRecordedByItsOriginAlsoIfItWasCutOff() throws Exception {
    String token;
    int port;
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), clock)) {
      token = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      port = origin.uri().getPort();
    }
    URI uri = URI.create("http://127.0.0.1:" + port);
    String[] listen = {"listen", "127.0.0.1:" + port};
    GuardedServer first = GuardedServer.origin(folder.resolve("origin"), clock, listen);
    try (GuardedServer edge = GuardedServer.edge(folder.resolve("edge"), clock, uri, token)) {
      send(edge, "POST", "/v1/confirm-clock", "");
      List<String> both = List.of("create token 200", "confirm-clock 200");
      Polling.await("the act at the origin", () -> summary(first).equals(both));
      JsonNode act = acts(first).getLast();
      assertThat(act.path("server").asString()).isEqualTo("fra");
      assertThat(act.path("actor").asString()).isEqualTo("token root");

      first.close();
      send(edge, "POST", "/v1/confirm-clock", "");
    }
    GuardedServer again = GuardedServer.origin(folder.resolve("origin"), clock, listen);
    try (again;
        GuardedServer edge = GuardedServer.edge(folder.resolve("edge"), clock, uri, token)) {
      Polling.await("both acts at the origin", () -> acts(again).size() == 3);
      assertThat(summary(again)).last().isEqualTo("confirm-clock 200");

      send(edge, "POST", "/v1/promote?force=true", "");
      Polling.await(
          "the promotion in the audit of the new origin",
          () -> summary(edge).getLast().equals("promote 200"));
      assertThat(acts(edge)).hasSize(4);
    }
  }

  @Test
  void theLastUseOfATokenAtAnEdgeIsListedByItsOrigin() throws Exception {
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), clock)) {
      String token = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      JsonNode reader = origin.token("{\"grant\":\"read\"}");
      send(origin, "PUT", "/v1/namespaces/n", "");
      try (GuardedServer edge =
          GuardedServer.edge(folder.resolve("edge"), clock, origin.uri(), token)) {
        String secret = reader.path("secret").asString();
        Polling.await(
            "the token at the edge", () -> edge.status("/v1/namespaces/n/values/k", secret) == 404);
        assertThat(lastUse(origin, token(reader))).isEmpty();

        Polling.await("the use at the origin", () -> !lastUse(origin, token(reader)).isEmpty());
      }
    }
  }

  private static String token(JsonNode created) {
    return created.path("id").asString();
  }

  private static String lastUse(GuardedServer server, String id) {
    for (JsonNode token : send(server, "GET", "/v1/tokens", "").path("tokens")) {
      if (token.path("id").asString().equals(id)) {
        return token.path("last_used").asString("");
      }
    }
    throw new AssertionError("no token " + id);
  }

  /** Creates a namespace from a network address, and returns the address with the port. */
  private static String createFrom(String host, GuardedServer server, String title, String... more)
      throws Exception {
    try (var client = new RawClient(server.address(), new InetSocketAddress(host, 0))) {
      List<String> headers = new ArrayList<>(List.of(more));
      headers.add("Host: x");
      headers.add("Content-Length: 0");
      headers.add("Authorization: Bearer " + GuardedServer.ROOT);
      client.send(OpenServer.head("PUT /v1/namespaces/" + title, headers.toArray(String[]::new)));
      assertThat(client.receive().status()).isEqualTo(200);
      return host + ":" + client.localPort();
    }
  }

  @Test
  void onlyAServerThatFollowsMayNameTheClientOfAnAct() throws Exception {
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), clock)) {
      String replicate = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      String writer = origin.token("{\"grant\":\"write\"}").path("secret").asString();
      String claimed = "Selvedge-Client: 192.0.2.1:1";

      String own = createFrom("127.0.0.1", origin, "a", claimed);
      assertThat(acts(origin).getLast().path("address").asString()).isEqualTo(own);
      own = createFrom("127.0.0.1", origin, "b", claimed, "Selvedge-Forwarder: " + writer);
      assertThat(acts(origin).getLast().path("address").asString()).isEqualTo(own);
      createFrom("127.0.0.1", origin, "c", claimed, "Selvedge-Forwarder: " + replicate);
      assertThat(acts(origin).getLast().path("address").asString()).isEqualTo("192.0.2.1:1");
    }
  }

  @Test
  void signInsAreRecordedWithTheTokenAndFailedOnesAreBounded() throws Exception {
    try (GuardedServer server = GuardedServer.origin(folder.resolve("data"), clock)) {
      for (int i = 0; i < 15; i++) {
        assertThat(signIn(server, i % 2 == 0 ? "{\"token\":\"wrong\"}" : "{")).isIn(400, 401);
      }
      JsonNode token = server.token("{\"grant\":\"read\",\"name\":\"desk\"}");

      assertThat(signIn(server, "{\"token\":\"" + token.path("secret").asString() + "\"}"))
          .isEqualTo(200);

      assertThat(summary(server)).hasSize(12).endsWith("create token 200", "sign in 200");
      JsonNode act = acts(server).getLast();
      assertThat(act.path("actor").asString())
          .isEqualTo("token " + token.path("id").asString() + " (desk)");
      assertThat(acts(server).toString()).doesNotContain(token.path("secret").asString());
    }
  }

  private static int signIn(GuardedServer server, String body) throws Exception {
    try (var client = new RawClient(server.address())) {
      client.send(
          OpenServer.head("POST /v1/session", "Host: x", "Content-Length: " + body.length())
              + body);
      return client.receive().status();
    }
  }

  @Test
  void anActAtAnEdgeIsRecordedByItsOrigin() throws Exception {
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), clock)) {
      URI uri = origin.uri();
      String token = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      try (GuardedServer edge = GuardedServer.edge(folder.resolve("edge"), clock, uri, token)) {
        String client = createFrom("127.0.0.77", edge, "far");
        assertThat(summary(origin)).containsExactly("create token 200", "create namespace 200");
        assertThat(acts(origin).getLast().path("address").asString()).isEqualTo(client);
        Polling.await("the same acts at the edge", () -> summary(edge).equals(summary(origin)));
      }
    }
  }
}
