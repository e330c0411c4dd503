package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.model.StoreUnusableException;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;

final class FormingTest {
  @TempDir private Path data;

  @SuppressWarnings("NullAway") // JUnit sets the directory
  FormingTest() {}

  /** Such a voter could destroy writes that it has acknowledged and forgotten. */
  @Test
  void anEmptyDirectoryIsRefusedWhileTheOthersRun() throws IOException {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> speakHttp2(other));
      Config config =
          config("a=127.0.0.1:1,b=127.0.0.1:" + other.getLocalPort() + ",c=127.0.0.1:2");

      assertThatThrownBy(() -> new Forming(config, new Random(1), null).form())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("formed already");
    }
  }

  /** A gRPC server speaks first. */
  private static void speakHttp2(ServerSocket listening) {
    try (Socket socket = listening.accept();
        OutputStream out = socket.getOutputStream()) {
      out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aVoterThatLostItsLogDoesNotStart() throws IOException {
    Config config = config("a=127.0.0.1:" + freePort());
    VoterFile file = new VoterFile(data);
    Peer self = Peer.parse("a-1 127.0.0.1:1 http://127.0.0.1:2");
    file.write(new VoterFile.Content("a-1", List.of(self), true));

    assertThatThrownBy(
            () ->
                RaftVoter.open(
                    config,
                    new RaftVoter.Surroundings(
                        InstantSource.system(), new Random(1), (_, _) -> {}, Map.of())))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("has lost the log");
  }

  @Test
  void theIdIsDrawnOnceForADirectory() throws IOException {
    Config config = config("a=127.0.0.1:" + freePort());

    VoterFile.Content first = new Forming(config, new Random(1), null).form();
    VoterFile.Content second = new Forming(config, new Random(2), null).form();

    assertThat(second).isEqualTo(first);
    assertThat(first.id()).startsWith("a-");
    assertThat(first.formatted()).isTrue();
  }

  @Test
  void aDirectoryWithOtherDataIsRefused() throws IOException {
    Files.createDirectory(data.resolve("store"));
    Config config = config("a=127.0.0.1:" + freePort());

    assertThatThrownBy(() -> new Forming(config, new Random(1), null).form())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("formed from empty directories");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Config config(String cluster) {
    return Config.of(
        List.of(
            new Setting("data", data.toString(), "the test"),
            new Setting("node", "a", "the test"),
            new Setting("cluster", cluster, "the test")));
  }
}
