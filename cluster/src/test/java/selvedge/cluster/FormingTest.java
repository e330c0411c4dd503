package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;
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

      assertThatThrownBy(() -> forming(config, 1).form())
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
    VoterFile file = new VoterFile(data, Release.own());
    Peer self = Peer.parse("a-1 127.0.0.1:1 http://127.0.0.1:2");
    file.write(new VoterFile.Content("a-1", 1, List.of(self), true));

    assertThatThrownBy(
            () ->
                RaftVoter.open(
                    config,
                    new RaftVoter.Surroundings(
                        InstantSource.system(),
                        new Random(1),
                        Release.own(),
                        (_, _) -> {},
                        Map.of())))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("has lost the log");
  }

  @Test
  void theIdIsDrawnOnceForADirectory() throws IOException {
    Config config = config("a=127.0.0.1:" + freePort());

    VoterFile.Content first = forming(config, 1).form();
    VoterFile.Content second = forming(config, 2).form();

    assertThat(second).isEqualTo(first);
    assertThat(first.id()).startsWith("a-");
    assertThat(first.formatted()).isTrue();
  }

  @Test
  void aDirectoryWithOtherDataIsRefused() throws IOException {
    Files.createDirectory(data.resolve("store"));
    Config config = config("a=127.0.0.1:" + freePort());

    assertThatThrownBy(() -> forming(config, 1).form())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("formed from empty directories");
  }

  /** Any program of this machine can send anything to the address. */
  @Test
  void aMalformedGreetingDoesNotEndTheFormingOfTheCluster() throws Exception {
    int port = freePort();
    Config config = config("a=127.0.0.1:" + port + ",b=127.0.0.1:1,c=127.0.0.1:2");
    Thread forming = Thread.startVirtualThread(() -> formUntilInterrupted(config));
    Voters.await(() -> greet(port, "x").isEmpty());

    String malformed = greet(port, "selvedge-voter 2 b x y z alone plain 2");
    String newer = greet(port, "selvedge-voter 9 b-1 127.0.0.1:1 http://127.0.0.1:3 list alone x");
    String peer = " b-1 127.0.0.1:1 http://127.0.0.1:3 list alone";

    assertThat(malformed).isEmpty();
    assertThat(newer).isEmpty();
    assertThat(greet(port, "selvedge-voter 2" + peer + " plain 2"))
        .startsWith("selvedge-voter 2 a-")
        .endsWith("alone plain 2");
    assertThat(greet(port, "selvedge-voter 1" + peer))
        .as("the answer to the first release")
        .startsWith("selvedge-voter 1 a-")
        .endsWith("alone");
    forming.interrupt();
    forming.join();
  }

  private void formUntilInterrupted(Config config) {
    assertThatThrownBy(() -> forming(config, 1).form())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stopped before its cluster was formed");
  }

  /** Sends a line and returns the answer; a dash while the address is not taken. */
  private static String greet(int port, String line) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "-";
    }
  }

  @Test
  void encryptedVotersWithoutCertificatesAreRefused() throws IOException {
    Config config = config("a=127.0.0.1:1,b=127.0.0.1:2,c=127.0.0.1:3");
    LogKeys keys = LogKeys.open(data, MasterKeys.text(AesMasterKey.generate(), "the test"));

    assertThatThrownBy(() -> new Forming(config, new Random(1), Release.own(), null, keys).form())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("set cluster-ca");
  }

  private Forming forming(Config config, long seed) {
    return new Forming(
        config, new Random(seed), Release.own(), null, LogKeys.open(data, MasterKeys.NONE));
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
