package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Limits;
import selvedge.model.Profile;

/** What a scanner for weaknesses of TLS looks for, with messages that no library sends any more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsScanTest {
  private static final int TLS_1_2 = 0x0303;
  private static final List<Integer> NO_COMPRESSION = List.of(0);

  /** The numbers that cipher suites up to TLS 1.2 have, but for the markers 0x00ff and 0x5600. */
  private static final List<Integer> ALL_SUITES =
      IntStream.of(0x0000, 0xc000, 0xcc00)
          .flatMap(first -> IntStream.rangeClosed(first, first + 0xfe))
          .boxed()
          .toList();

  /** ECDHE with AES-GCM or ChaCha20-Poly1305, by ECDSA or RSA certificates. */
  private static final Set<Integer> FORWARD_SECRET_AND_AUTHENTICATED =
      Set.of(0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9);

  private final HttpServer server;
  private InetSocketAddress address = new InetSocketAddress(0);

  TlsScanTest(@TempDir Path directory) throws Exception {
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    new Certificate(directory, "scanned").write(certificate, key);
    server =
        new HttpServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.of(new TlsFiles(certificate, key, "", InstantSource.system())),
            Transport.best(),
            1,
            Limits.of(Profile.OPEN),
            InstantSource.system(),
            new EchoApi(),
            HttpMeter.NONE);
  }

  @BeforeAll
  void start() {
    address = server.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0300, 0x0301, 0x0302})
  void refusesProtocolsBeforeTls12(int version) throws IOException {
    assertThat(new HelloMessage(version, ALL_SUITES, NO_COMPRESSION).send(address)).isEmpty();
  }

  /** Offers all suites, then all but the chosen one, until the server accepts none of the rest. */
  @Test
  void acceptsSuitesWithForwardSecrecyAndAuthenticatedEncryptionOnly() throws IOException {
    Set<Integer> offered = new LinkedHashSet<>(ALL_SUITES);
    List<Integer> accepted = new ArrayList<>();
    for (Optional<HelloMessage.Choice> choice = offer(offered);
        choice.isPresent();
        choice = offer(offered)) {
      Integer suite = choice.get().suite();
      accepted.add(suite);
      assertThat(offered.remove(suite)).as("a suite that was offered").isTrue();
    }

    assertThat(accepted).isNotEmpty().isSubsetOf(FORWARD_SECRET_AND_AUTHENTICATED);
  }

  private Optional<HelloMessage.Choice> offer(Set<Integer> suites) throws IOException {
    return new HelloMessage(TLS_1_2, List.copyOf(suites), NO_COMPRESSION).send(address);
  }

  @Test
  void choosesNoCompressionAndNoHeartbeatAndSecureRenegotiation() throws IOException {
    HelloMessage.Choice choice =
        new HelloMessage(TLS_1_2, ALL_SUITES, List.of(1, 0)).send(address).orElseThrow();

    assertThat(choice.version()).isEqualTo(TLS_1_2);
    assertThat(choice.compression()).isZero();
    assertThat(choice.extensions()).contains(0xff01).doesNotContain(15);
  }
}
