package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.embedded.EmbeddedEdge;
import selvedge.embedded.EmbeddedOptions;
import selvedge.model.InvalidRequestException;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.verification.process.Eventually;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Servers;

final class EmbeddedEdgeFaultsTest {
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region origin(int port) {
    return Region.of(
        servers.start(
            Launch.on(folder.resolve("origin")).listen(port).limit("feed-bytes", 1 << 20)));
  }

  private Selvedge edge(URI origin) {
    EmbeddedOptions options = EmbeddedOptions.usual().location("in-a-program");
    return EmbeddedEdge.open(folder.resolve("edge"), origin, "", options);
  }

  @Test
  void withoutItsOriginItReadsOnAndAfterwardsItCatchesUp() throws Exception {
    Region first = origin(0);
    URI uri = first.server().uri();
    try (Selvedge edge = edge(uri)) {
      Namespace namespace = edge.namespace("n");
      namespace.put("k", "v");
      Eventually.holds(
          "its place in the status",
          () -> first.ask("/v1/status").ok().body().utf8().contains("in-a-program"));
      first.server().kill();
      assertThat(namespace.getText("k")).contains("v");
      assertThat(namespace.keys("")).hasSize(1);

      try (Region again = origin(uri.getPort())) {
        namespace.put("k", "w");
        assertThat(namespace.getText("k")).contains("w");
        assertThat(again.status().path("role").asString()).isEqualTo("origin");
      }
    }
    first.close();
  }

  @Test
  void oneThatWasAwayForTooLongLoadsEverythingAnew() throws Exception {
    try (Region origin = origin(0)) {
      URI uri = origin.server().uri();
      long seen;
      try (Selvedge edge = edge(uri)) {
        edge.namespace("n").put("k", "v");
        seen = edge.namespace("n").latest().number();
      }
      try (Selvedge direct = Selvedge.connect(uri, "")) {
        Namespace there = direct.namespace("n");
        Eventually.holds(
            "a horizon beyond " + seen,
            () -> {
              for (int i = 0; i < 50; i++) {
                there.put("l" + i % 5, "x".repeat(60_000));
              }
              return origin.status().path("horizon").asLong() > seen;
            });
        try (Selvedge edge = edge(uri)) {
          Namespace here = edge.namespace("n");
          there.put("after", "v");
          Eventually.holds("everything", () -> here.getText("after").isPresent());
          assertThat(here.keys("")).hasSize(7);
        }
      }
    }
  }

  @Test
  void aDirectoryBelongsToAnEdgeOrToAnOrigin() throws Exception {
    try (Region origin = origin(0)) {
      URI uri = origin.server().uri();
      edge(uri).close();
      assertThatThrownBy(() -> Selvedge.open(folder.resolve("edge")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("belongs to an edge");
      Selvedge.open(folder.resolve("own")).close();
      assertThatThrownBy(() -> Selvedge.open(folder.resolve("own"), uri, ""))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("belongs to an origin");
    }
  }
}
