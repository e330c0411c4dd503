package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Directories;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The first start of a server with cluster-id and with new-cluster. */
final class FirstStartTest {
  private static final String OTHER = "2c9f03a2b7d45e60";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Launch launch() {
    return Launch.on(folder.resolve("data"));
  }

  private Launch launch(String cluster) {
    return launch().with("--cluster-id", cluster);
  }

  private String refuses(Launch launch, String... reasons) {
    ServerProcess server = servers.spawn(launch);
    assertThat(server.awaitExit()).isEqualTo(1);
    assertThat(server.log()).contains(reasons).doesNotContain("\tat ");
    return server.log();
  }

  /** Starts a server, kills it, and returns the identity of its cluster. */
  private String begin(Launch launch) {
    ServerProcess first = servers.start(launch);
    try (Region region = Region.of(first)) {
      return region.status().path("cluster").asString();
    } finally {
      first.kill();
    }
  }

  private void empty() throws IOException {
    Directories.delete(folder.resolve("data"));
  }

  private Path started() {
    return folder.resolve(".data.started");
  }

  @Test
  void aServerWithAClusterIdRefusesAnEmptyDirectoryAndOtherClusters() {
    refuses(launch(OTHER), "has no store", OTHER);
    String cluster = begin(launch());
    assertThat(begin(launch(cluster))).isEqualTo(cluster);
    refuses(launch(OTHER), "belongs to the cluster " + cluster, OTHER);
  }

  @Test
  void anEmptyServerNeverHasTheIdentityOfALostCluster() throws IOException {
    String cluster = begin(launch());
    empty();
    String reason = refuses(launch(cluster), "has no store", cluster, "remove cluster-id");
    assertThat(reason).doesNotContain("new-cluster");
    refuses(launch(cluster).with("--new-cluster"), "has no store", cluster);
    Files.delete(started());
    refuses(launch(cluster).with("--new-cluster"), "has no store", cluster);
    assertThat(folder.resolve("data/store")).doesNotExist();

    assertThat(begin(launch())).isNotEqualTo(cluster);
  }

  @Test
  void newClusterDoesNotActAfterAnyEarlierStart() throws IOException {
    String cluster = begin(launch().with("--new-cluster"));
    assertThat(begin(launch().with("--new-cluster"))).isEqualTo(cluster);
    Files.delete(started());
    assertThat(begin(launch())).isEqualTo(cluster);
    empty();
    refuses(launch().with("--new-cluster"), "has started on", ".data.started");
    Files.createDirectories(folder.resolve("data"));
    refuses(launch().with("--new-cluster"), "has started on", ".data.started");
  }

  @Test
  void aServerThatCannotWriteTheRecordStartsWithoutNewCluster() throws Exception {
    Files.createDirectories(folder.resolve(".data.started.new"));
    refuses(launch().with("--new-cluster"), "cannot write", ".data.started");
    ServerProcess server = servers.start(launch());
    server.awaitLog("cannot write", ".data.started");
  }

  @Test
  void newClusterRequiresAnEmptyDirectory() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/precious"), "kept");
    refuses(launch().with("--new-cluster"), "is not empty");
    assertThat(folder.resolve("data/precious")).hasContent("kept");
    assertThat(folder.resolve("data/store")).doesNotExist();
  }
}
