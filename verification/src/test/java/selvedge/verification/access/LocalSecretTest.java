package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.server.ServerFile;
import selvedge.verification.process.RawClient;

/** Operations of an open server that require the local secret. */
final class LocalSecretTest {
  private static final String LOCAL = "Host: 127.0.0.1";
  private static final String WISH = "{\"grant\":\"admin\"}";

  @TempDir Path folder;

  private static String owner(Path data) {
    return "Authorization: Bearer " + new ServerFile(data).read().orElseThrow().secret();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Nothing: 1", "Authorization: Bearer any"})
  void refusesAdministrationWithoutTheLocalSecret(String credential) throws Exception {
    try (OpenServer origin = OpenServer.on(folder.resolve("origin"));
        OpenServer edge =
            OpenServer.on(
                folder.resolve("edge"), "origin", origin.uri().toString(), "location", "fra")) {
      for (OpenServer server : new OpenServer[] {origin, edge}) {
        for (String request :
            new String[] {
              "POST /v1/tokens",
              "GET /v1/tokens",
              "DELETE /v1/tokens/x",
              "POST /v1/promote",
              "POST /v1/follow?origin=http://127.0.0.1:1"
            }) {
          RawClient.Answer answer = server.send(request, WISH, LOCAL, credential);
          assertThat(answer.status()).as(request).isEqualTo(403);
          assertThat(answer.body().utf8()).contains("local secret", "--data");
        }
      }
      assertThat(origin.ask("GET /v1/status", LOCAL).status()).isEqualTo(200);
      assertThat(edge.ask("GET /v1/status", LOCAL).body().utf8()).contains("\"edge\"");
    }
  }

  @Test
  void theLocalSecretMayCreateTokensAndPromote() throws Exception {
    try (OpenServer origin = OpenServer.on(folder.resolve("origin"));
        OpenServer edge =
            OpenServer.on(
                folder.resolve("edge"), "origin", origin.uri().toString(), "location", "fra")) {
      String own = owner(folder.resolve("edge"));
      assertThat(edge.send("POST /v1/follow?origin=" + origin.uri(), "", LOCAL, own).body().utf8())
          .contains("following");
      assertThat(origin.send("POST /v1/tokens", WISH, LOCAL, own).status())
          .as("status with the secret of another server")
          .isEqualTo(403);
      assertThat(
              origin
                  .send("POST /v1/tokens", WISH, LOCAL, owner(folder.resolve("origin")))
                  .body()
                  .utf8())
          .contains("secret");
      assertThat(origin.ask("GET /v1/status", LOCAL).status()).isEqualTo(401);
    }
  }

  /** The edge opens its store again on a thread of its own, which must not outlive the server. */
  @RepeatedTest(5)
  void aServerThatIsClosedWhileItChangesItsOriginReleasesItsDirectory() throws Exception {
    Path data = folder.resolve("edge");
    try (OpenServer origin = OpenServer.on(folder.resolve("origin"))) {
      String uri = origin.uri().toString();
      try (OpenServer edge = OpenServer.on(data, "origin", uri, "location", "fra")) {
        edge.send("POST /v1/follow?origin=" + uri, "", LOCAL, owner(data));
      }
      try (OpenServer again = OpenServer.on(data, "origin", uri, "location", "fra")) {
        assertThat(again.ask("GET /v1/status", LOCAL).status()).isEqualTo(200);
      }
    }
  }
}
