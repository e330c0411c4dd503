package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** The grant that allows reading all data, including the digests of tokens. */
final class ReplicateTest {
  private static final String FRAMES = "application/vnd.selvedge.feed";

  @TempDir Path folder;

  private List<GuardedServer> open = List.of();

  @BeforeEach
  void start() {
    open = List.of(GuardedServer.origin(folder.resolve("origin"), InstantSource.system()));
  }

  @AfterEach
  void close() {
    open.reversed().forEach(GuardedServer::close);
  }

  private static int status(GuardedServer server, String secret, String method, String path) {
    try (var client = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, secret)) {
      return client.send(method, path, BodyPublishers.ofString("{}"), "Accept", FRAMES).status();
    }
  }

  @Test
  void onlyReplicateAndAdminMayReadTheDigests() {
    GuardedServer origin = open.getFirst();
    String namespace = origin.root().createNamespace("n");
    String account = "\"account\":\"" + Launch.ACCOUNT + "\"";
    String scope = account + ",\"namespace\":\"" + namespace + "\"";
    List<String> fieldses =
        List.of(
            "{\"grant\":\"read\"}",
            "{\"grant\":\"write\"}",
            "{\"grant\":\"admin\"," + account + "}",
            "{\"grant\":\"admin\"," + scope + "}",
            "{\"grant\":\"read\"," + scope + "}");
    String system = NamespaceId.SYSTEM.hex();
    for (String fields : fieldses) {
      String secret = origin.token(fields).path("secret").asString();
      for (String path :
          List.of(
              "/v1/snapshot",
              "/v1/feed",
              "/v1/digest",
              "/v1/feed?namespace=" + system,
              "/v1/namespaces/" + system + "/values/access%2Fsalt",
              "/v1/namespaces/" + system + "/keys",
              RestClient.namespace(system) + "/keys",
              RestClient.value(system, "access/salt"),
              "/kv/" + system + "/access%2Fsalt")) {
        assertThat(status(origin, secret, "GET", path)).as(fields + " " + path).isBetween(400, 404);
      }
      assertThat(status(origin, secret, "POST", "/v1/position")).as(fields).isEqualTo(403);
    }
  }

  @Test
  void anEdgeFollowsWithReplicateWhichAllowsNoChanges() throws Exception {
    GuardedServer origin = open.getFirst();
    String namespace = origin.root().createNamespace("n");
    origin.root().put(namespace, "k", Bytes.utf8("v")).ok();
    JsonNode own = origin.token("{\"grant\":\"replicate\",\"name\":\"fra\"}");
    String secret = own.path("secret").asString();
    JsonNode reader = origin.token("{\"grant\":\"read\"}");
    String readers = reader.path("secret").asString();

    GuardedServer edge =
        GuardedServer.edge(folder.resolve("edge"), InstantSource.system(), origin.uri(), secret);
    open = List.of(origin, edge);

    String value = RestClient.value(namespace, "k");
    Polling.await("the edge answers", () -> edge.status(value, readers) == 200);
    assertThat(status(origin, secret, "PUT", value)).isEqualTo(403);
    for (String path : List.of("/v1/tokens", "/v1/promote", "/v1/follow?origin=http://x:1")) {
      assertThat(status(origin, secret, "POST", path)).as(path).isEqualTo(403);
    }
    assertThat(status(origin, secret, "GET", "/v1/tokens")).isEqualTo(403);
    origin.revoke(reader);
    Polling.await("the edge learns of it", () -> edge.status(value, readers) == 401);
  }

  @Test
  void replicateIsForAllNamespacesOnly() {
    String fields = "{\"grant\":\"replicate\",\"account\":\"" + Launch.ACCOUNT + "\"}";
    var reply = open.getFirst().root().send("POST", "/v1/tokens", BodyPublishers.ofString(fields));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body().utf8()).contains("the grant replicate requires the account all");
  }
}
