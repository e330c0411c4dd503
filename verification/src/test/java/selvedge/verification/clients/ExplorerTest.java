package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** The local explorer API against that of miniflare itself: see {@code clients/explorer.mjs}. */
final class ExplorerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ROOT = "root-token-of-the-tests-of-clients";

  @RegisterExtension static final SharedServer OPEN = new SharedServer();

  @RegisterExtension static final SharedServer GUARDED = new SharedServer("--root-token", ROOT);

  private static String compare(NpmProject project, String prefix, Path folder) {
    try (RestClient client = OPEN.client("any")) {
      String namespace = client.createNamespace("explored under " + prefix);
      return project
          .script(
              Path.of("clients/explorer.mjs").toAbsolutePath().toString(),
              folder,
              Map.of("SELVEDGE_URL", OPEN.process().uri().toString()))
          .with(List.of(project.folder().toString(), prefix, namespace))
          .run(PATIENCE)
          .ok()
          .text();
    }
  }

  @Test
  void answersAsMiniflare4(@TempDir Path folder) {
    assertThat(compare(NpmProject.stock(), "/cdn-cgi/explorer/api", folder))
        .isEqualTo("18 answers\n");
  }

  @Test
  void answersAsMiniflare5AlsoInBulk(@TempDir Path folder) {
    assertThat(compare(NpmProject.newest(), "/cdn-cgi/local/explorer/api", folder))
        .isEqualTo("25 answers\n");
  }

  @Test
  void requiresATokenWhereEveryRouteDoes() {
    List<String> paths =
        List.of("", "/storage/kv/namespaces", "/storage/kv/namespaces/" + "0".repeat(32) + "/keys");
    try (RestClient stranger = GUARDED.client("made-up");
        RestClient root = GUARDED.client(ROOT)) {
      for (String path : paths) {
        String full = "/cdn-cgi/explorer/api" + path;
        Reply refused = stranger.send("GET", full, BodyPublishers.noBody());
        assertThat(refused.status()).as(path).isEqualTo(401);
        assertThat(refused.code()).isEqualTo(10000);
      }
      String document = "/cdn-cgi/explorer/api";
      assertThat(
              root.send("GET", document, BodyPublishers.noBody())
                  .ok()
                  .json()
                  .path("openapi")
                  .asString())
          .isEqualTo("3.0.3");
    }
  }

  @Test
  void saysThatAPathIsUnknown() {
    try (RestClient client = OPEN.client("any")) {
      String path = "/cdn-cgi/explorer/api/d1/database";
      Reply reply = client.send("GET", path, BodyPublishers.noBody());
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.json().path("success").asBoolean()).isFalse();
    }
  }
}
