package selvedge.verification.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.RawClient;

/** A key that has the name of another route changes nothing about the request for it. */
final class KeyNamedLikeRouteTest {
  private static final String LOCAL = "Host: 127.0.0.1:5820";
  private static final String SHOP = "CF-KV-Namespace-Id: shop";

  @TempDir Path folder;

  private OpenServer origin(String... settings) throws Exception {
    OpenServer server = OpenServer.on(folder.resolve("origin"), settings);
    assertThat(server.send("PUT /v1/namespaces/shop", "", LOCAL).status()).isEqualTo(200);
    return server;
  }

  @Test
  void aReboundNameDoesNotReadAKeyThatIsNamedLikeAProbe() throws Exception {
    try (OpenServer server = origin()) {
      assertThat(server.send("PUT /livez", "secret", LOCAL, SHOP).status()).isEqualTo(200);

      RawClient.Answer answer = server.ask("GET /livez", "Host: evil.example", SHOP);

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body().utf8()).doesNotContain("secret");
    }
  }

  @Test
  void aPageThatMayOnlyReadDoesNotIncrementAKeyThatIsNamedLikeABulkGet() throws Exception {
    try (OpenServer server = origin("allowed-origins", "https://app.example")) {
      String increment = "POST /v1/namespaces/shop/increment/bulk/get";

      assertThat(server.send(increment, "", LOCAL, "Origin: https://app.example").status())
          .isEqualTo(403);
    }
  }

  @Test
  void anEdgeForwardsTheChangeOfAKeyThatIsNamedLikeARouteOfItsOwn() throws Exception {
    try (OpenServer origin = origin();
        OpenServer edge =
            OpenServer.on(
                folder.resolve("edge"), "origin", origin.uri().toString(), "location", "fra")) {
      assertThat(edge.send("PUT /v1/backup", "value", LOCAL, SHOP).status()).isEqualTo(200);
      assertThat(origin.ask("GET /v1/backup", LOCAL, SHOP).body().utf8()).isEqualTo("value");
      assertThat(edge.send("POST /v1/namespaces/shop/increment/bulk/get", "", LOCAL).status())
          .isEqualTo(200);
    }
  }
}
