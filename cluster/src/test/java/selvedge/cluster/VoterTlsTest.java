package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
  static void setUp(@TempDir Path directory) {
    certificates = new Certificates(directory, "a", "b", "c", "late");
    certificates.issue("edge", "fra.edge.example");
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
    VoterTls b = tls(voting("b", "b", "a", "b"));
    VoterTls edge = tls(voting("c", "c", "a", "c"));
    Certificates own = certificates;
    replace(own.certificate("edge"), own.certificate("c"));
    replace(own.key("edge"), own.key("c"));
    edge.refresh();

    assertThatThrownBy(() -> exchange(a, edge)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> exchange(edge, b)).isInstanceOf(IOException.class);
  }

  private static void replace(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A voter that was away does not know yet which voters were added meanwhile. */
  @Test
  void aVoterThatJoinedLaterIsAccepted() throws IOException {
    VoterTls a = tls(voting("a", "a", "a", "b"));
    VoterTls late = tls(voting("late", "late", "a", "late"));

    assertThat(exchange(a, late)).isEqualTo(42);
    assertThat(exchange(late, a)).isEqualTo(42);
  }

  @Test
  void newCertificatesAreUsedWithoutARestart() throws IOException {
    VoterTls a = tls(voting("a", "a", "a", "b"));
    VoterTls b = tls(voting("b", "b", "a", "b"));
    BigInteger before = presented(a, b);

    certificates.renew("a");
    a.refresh();

    assertThat(presented(a, b)).isNotEqualTo(before);
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

  private static int exchange(VoterTls server, VoterTls client) throws IOException {
    return connect(server, client, socket -> socket.getInputStream().read());
  }

  /** Returns the serial number of the certificate that the server presents. */
  private static BigInteger presented(VoterTls server, VoterTls client) throws IOException {
    List<BigInteger> serials = new ArrayList<>();
    connect(
        server,
        client,
        socket -> {
          var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
          serials.add(certificate.getSerialNumber());
          return socket.getInputStream().read();
        });
    return serials.getFirst();
  }

  private interface Reading {
    int read(SSLSocket socket) throws IOException;
  }

  /** Sends a byte from a server to a client, and returns what the client reads. */
  private static int connect(VoterTls server, VoterTls client, Reading reading) throws IOException {
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
        int received = reading.read(socket);
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
