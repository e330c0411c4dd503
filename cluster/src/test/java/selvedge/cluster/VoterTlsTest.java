package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Voting;

final class VoterTlsTest {
  @SuppressWarnings("NullAway") // setUp sets it
  private static Certificates certificates;

  @BeforeAll
  static void setUp(@TempDir Path directory) throws IOException {
    certificates = new Certificates(directory);
    certificates.issue("a", "a.voter.selvedge");
    certificates.issue("b", "b.voter.selvedge");
    certificates.issue("stranger", "x.voter.selvedge");
  }

  private static Voting voting(String node, String certificate, String... names) {
    SequencedMap<String, String> cluster = new LinkedHashMap<>();
    for (String name : names) {
      cluster.put(name, "127.0.0.1:1");
    }
    return new Voting(
        node,
        cluster,
        "",
        certificates.authority().toString(),
        certificates.certificate(certificate).toString(),
        certificates.key(certificate).toString());
  }

  @Test
  void twoVotersOfOneClusterConnect() throws IOException {
    VoterTls a = tls(voting("a", "a", "a", "b"));
    VoterTls b = tls(voting("b", "b", "a", "b"));

    assertThat(exchange(a, b)).isEqualTo(42);
  }

  /** Any certificate of the same authority, such as that of an edge, must open nothing. */
  @Test
  void aCertificateForAnotherNameIsRefused() throws IOException {
    VoterTls a = tls(voting("a", "a", "a", "b"));
    VoterTls stranger = tls(voting("x", "stranger", "a", "x"));

    assertThatThrownBy(() -> exchange(a, stranger)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> exchange(stranger, a)).isInstanceOf(IOException.class);
  }

  @Test
  void aVoterDoesNotStartWithTheCertificateOfAnother() {
    assertThatThrownBy(() -> VoterTls.of(voting("a", "b", "a", "b")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("a.voter.selvedge");
  }

  private static VoterTls tls(Voting voting) {
    VoterTls tls = VoterTls.of(voting);
    if (tls == null) {
      throw new IllegalStateException("the voter has certificates");
    }
    return tls;
  }

  /** Sends a byte from a server to a client, and returns it. */
  private static int exchange(VoterTls server, VoterTls client) throws IOException {
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(listening));
      try (var socket =
          (SSLSocket)
              client
                  .context()
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
        socket.startHandshake();
        int received = socket.getInputStream().read();
        sending.join();
        if (received < 0) {
          throw new IOException("the server closed the connection");
        }
        return received;
      } catch (CompletionException e) {
        throw new IOException(e);
      }
    }
  }

  private static void send(SSLServerSocket listening) {
    try (var socket = (SSLSocket) listening.accept()) {
      socket.startHandshake();
      socket.getOutputStream().write(42);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
