package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.testing.SettableClock;
import selvedge.verification.process.Command;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/** An edge without its origin accepts tokens only for a limited time. */
final class DisconnectedEdgeTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final String BOUND = "limits.revocation-bound-seconds";

  @TempDir Path folder;

  @Test
  void refusesTokensAfterTheBoundAndAfterARestart() throws Exception {
    String value;
    String secret;
    GuardedServer edge;
    GuardedServer restarted;
    URI address;
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), CLOCK)) {
      String namespace = origin.root().createNamespace("n");
      origin.root().put(namespace, "k", Bytes.utf8("v")).ok();
      value = RestClient.value(namespace, "k");
      address = origin.uri();
      secret = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      edge = GuardedServer.edge(folder.resolve("edge"), CLOCK, origin.uri(), secret, BOUND, "1");
      restarted = edge;
      Polling.await("it answers", () -> edge.status(value, GuardedServer.ROOT) == 200);
    }
    try (var feed = new RawClient(edge.address())) {
      feed.send(
          "GET /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + GuardedServer.ROOT
              + "\r\n\r\n");
      feed.readToEnd();
      Polling.await("it refuses", () -> edge.status(value, GuardedServer.ROOT) == 503);
      assertThat(edge.root().send("GET", value, BodyPublishers.noBody()).body().utf8())
          .contains("revocation-bound-seconds");
      assertThat(edge.status("/livez", "")).isEqualTo(200);
      edge.close();

      restarted = GuardedServer.edge(folder.resolve("edge"), CLOCK, address, secret, BOUND, "1");

      assertThat(restarted.status(value, GuardedServer.ROOT)).isEqualTo(503);
    } finally {
      restarted.close();
    }
  }

  @Test
  void theStatusWarnsAfterHalfOfTheBound() throws Exception {
    var clock = new SettableClock(Instant.parse("2027-01-01T00:00:00Z"));
    URI address;
    String secret;
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), clock)) {
      address = origin.uri();
      secret = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      try (GuardedServer edge =
          GuardedServer.edge(folder.resolve("edge"), clock, address, secret, BOUND, "300")) {
        Polling.await("it answers", () -> edge.status("/v1/status", GuardedServer.ROOT) == 200);
      }
    }
    clock.advance(Duration.ofSeconds(200));
    try (GuardedServer edge =
        GuardedServer.edge(folder.resolve("edge"), clock, address, secret, BOUND, "300")) {
      Path token = Files.writeString(folder.resolve("token"), GuardedServer.ROOT);

      assertThat(
              Command.run("status", edge.uri().toString(), "--token-file", token.toString())
                  .ok()
                  .text())
          .containsPattern("; refuses tokens in \\d+ s");
    }
  }

  @Test
  void anEdgeRefusesItsOwnTokenAfterItsOriginHasRevokedIt() throws Exception {
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), CLOCK)) {
      String namespace = origin.root().createNamespace("n");
      origin.root().put(namespace, "k", Bytes.utf8("v")).ok();
      String value = RestClient.value(namespace, "k");
      JsonNode token = origin.token("{\"grant\":\"replicate\"}");
      String secret = token.path("secret").asString();
      try (GuardedServer edge =
          GuardedServer.edge(folder.resolve("edge"), CLOCK, origin.uri(), secret)) {
        Polling.await("it answers", () -> edge.status(value, secret) == 200);
      }
      origin.revoke(token);

      try (GuardedServer edge =
          GuardedServer.edge(folder.resolve("edge"), CLOCK, origin.uri(), secret)) {
        Polling.await("it refuses its own token", () -> edge.status(value, secret) == 401);
        assertThat(edge.status(value, GuardedServer.ROOT)).isEqualTo(200);
        Polling.await("the status has token_refused", () -> status(edge).has("token_refused"));
        Polling.await(
            "the status has the remedy",
            () -> status(edge).path("trouble").asString().contains("set origin-token"));
      }
    }
  }

  private static JsonNode status(GuardedServer edge) {
    return edge.root().send("GET", "/v1/status", BodyPublishers.noBody()).ok().json();
  }

  @Test
  void withoutABoundADisconnectedEdgeAcceptsTokens() throws Exception {
    GuardedServer edge;
    String value;
    try (GuardedServer origin = GuardedServer.origin(folder.resolve("origin"), CLOCK)) {
      String namespace = origin.root().createNamespace("n");
      origin.root().put(namespace, "k", Bytes.utf8("v")).ok();
      value = RestClient.value(namespace, "k");
      String secret = origin.token("{\"grant\":\"replicate\"}").path("secret").asString();
      edge = GuardedServer.edge(folder.resolve("edge"), CLOCK, origin.uri(), secret);
      Polling.await("it answers", () -> edge.status(value, GuardedServer.ROOT) == 200);
    }
    try (edge) {
      Polling.await(
          "it is cut off",
          () ->
              !edge.root()
                  .send("GET", "/v1/status", BodyPublishers.noBody())
                  .json()
                  .path("connected")
                  .asBoolean());
      assertThat(edge.status(value, GuardedServer.ROOT)).isEqualTo(200);
      for (String request : new String[] {"GET " + value, "GET /v1/audit", "POST /v1/tokens"}) {
        for (String header :
            new String[] {
              "X-Nothing: 1", "Selvedge-Consistency: strong", "Selvedge-At-Least: 99"
            }) {
          assertThat(refusal(edge, request, header))
              .as(
                  "a request without a token, which the edge refuses itself: %s, %s",
                  request, header)
              .isIn(400, 401);
        }
      }
    }
  }

  private static int refusal(GuardedServer edge, String request, String header) throws Exception {
    try (var client = new RawClient(edge.address())) {
      client.send(OpenServer.head(request, "Host: x", "Content-Length: 0", header));
      return client.receive().status();
    }
  }
}
