package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The first start of a server with cluster-id and with new-cluster. */
final class FirstStartTest {
  private static final String CLUSTER = "1c9f03a2b7d45e60";
  private static final String OTHER = "2c9f03a2b7d45e60";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Launch launch(String cluster) {
    return Launch.on(folder.resolve("data")).with("--cluster-id", cluster);
  }

  private void refuses(Launch launch, String... reasons) {
    ServerProcess server = servers.spawn(launch);
    assertThat(server.awaitExit()).isEqualTo(1);
    assertThat(server.log()).contains(reasons).doesNotContain("\tat ");
  }

  private void begin() {
    ServerProcess first = servers.start(launch(CLUSTER).with("--new-cluster"));
    try (Region region = Region.of(first)) {
      assertThat(region.status().path("cluster").asString()).isEqualTo(CLUSTER);
    }
    first.kill();
  }

  private void empty() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void aServerWithAClusterIdRefusesAnEmptyDirectoryAndOtherClusters() {
    refuses(launch(CLUSTER), "has no store", CLUSTER);
    begin();
    servers.start(launch(CLUSTER)).kill();
    refuses(launch(OTHER), "belongs to the cluster " + CLUSTER, OTHER);
  }

  @Test
  void newClusterDoesNotStartASecondClusterAfterTheDataIsLost() throws IOException {
    begin();
    servers.start(launch(CLUSTER).with("--new-cluster")).kill();
    empty();
    refuses(launch(CLUSTER).with("--new-cluster"), "has begun a cluster", ".data.started");
    Files.createDirectories(folder.resolve("data"));
    refuses(launch(CLUSTER).with("--new-cluster"), "has begun a cluster", ".data.started");
  }

  @Test
  void newClusterRequiresAnEmptyDirectory() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/precious"), "kept");
    refuses(launch(CLUSTER).with("--new-cluster"), "is not empty");
    assertThat(folder.resolve("data/precious")).hasContent("kept");
    assertThat(folder.resolve("data/store")).doesNotExist();
  }
}
