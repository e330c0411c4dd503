package selvedge.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Profile;

final class TlsTest {
  @TempDir private static Path shared;

  /** Each takes a run of keytool, so all tests have the same two. */
  private static Certificate first;

  private static Certificate second;

  private final Path directory;
  private final Path certificate;
  private final Path key;
  private final TlsFiles files;
  private final HttpServer server;
  private InetSocketAddress address = new InetSocketAddress(0);

  @BeforeAll
  static void create() throws Exception {
    first = new Certificate(shared, "first");
    second = new Certificate(shared, "second");
  }

  TlsTest(@TempDir Path directory) throws Exception {
    this.directory = directory;
    certificate = directory.resolve("cert.pem");
    key = directory.resolve("key.pem");
    first.write(certificate, key);
    files = new TlsFiles(certificate, key, "", InstantSource.system());
    server =
        new HttpServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.of(files),
            Transport.best(),
            1,
            Limits.of(Profile.OPEN),
            InstantSource.system(),
            new EchoApi(),
            HttpMeter.NONE);
  }

  @BeforeEach
  void start() {
    address = server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<byte[]> ask(
      Certificate trusted, HttpClient.Version version, String path, byte[] body) throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusted.trust()).version(version).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("https://localhost:" + address.getPort() + path))
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  @Test
  void servesHttp1AndHttp2OverTls() throws Exception {
    byte[] body = "hello".getBytes(StandardCharsets.UTF_8);

    for (HttpClient.Version version :
        List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
      HttpResponse<byte[]> answer = ask(first, version, "/echo", body);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(body);
    }
  }

  @Test
  void streamsLargeBodiesBothWaysOverHttp2() throws Exception {
    HttpClient.Version http2 = HttpClient.Version.HTTP_2;

    assertThat(ask(first, http2, "/length", new byte[5_000_000]).body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("5000000");
    assertThat(ask(first, http2, "/large", new byte[0]).body()).hasSize(2_999_999);
    assertThat(ask(first, http2, "/ignore", new byte[5_000_000]).statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> ask(first, http2, "/broken", new byte[0]))
        .isInstanceOf(IOException.class);
  }

  @Test
  void answers400ToAPlainRequest() throws Exception {
    try (var client = new RawClient(address)) {
      client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.receive().text()).contains("HTTPS");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void usesNewFilesAndKeepsTheOldOnesWhenTheNewAreInvalid() throws Exception {
    second.write(certificate, key);
    files.refresh();

    assertThat(ask(second, HttpClient.Version.HTTP_2, "/ignore", new byte[0]).statusCode())
        .isEqualTo(200);
    assertThatThrownBy(() -> ask(first, HttpClient.Version.HTTP_2, "/ignore", new byte[0]))
        .isInstanceOf(SSLHandshakeException.class);

    Files.writeString(key, "nonsense");
    files.refresh();
    assertThat(ask(second, HttpClient.Version.HTTP_2, "/ignore", new byte[0]).statusCode())
        .isEqualTo(200);
  }

  private int status(Certificate trusted) throws Exception {
    return ask(trusted, HttpClient.Version.HTTP_2, "/ignore", new byte[0]).statusCode();
  }

  @Test
  void usesANewPairWithTheSameFileTimes() throws Exception {
    FileTime old = Files.getLastModifiedTime(key);
    second.write(certificate, key);
    Files.setLastModifiedTime(certificate, old);
    Files.setLastModifiedTime(key, old);

    assertThat(files.refresh()).isTrue();

    assertThat(status(second)).isEqualTo(200);
  }

  @Test
  void keepsTheOldPairWhileTheNewFilesDoNotMatch() throws Exception {
    second.write(certificate, directory.resolve("key of the second"));

    assertThat(files.refresh()).isFalse();
    assertThat(status(first)).isEqualTo(200);

    second.write(certificate, key);
    assertThat(files.refresh()).isTrue();
    assertThat(status(second)).isEqualTo(200);
  }

  @Test
  void refusesACertificateWithTheKeyOfAnother() throws Exception {
    second.write(certificate, directory.resolve("another key"));

    assertThatThrownBy(() -> new TlsFiles(certificate, key, "", InstantSource.system()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("does not belong to the certificate")
        .hasMessageContaining("cert.pem");
  }

  private static void ask(SSLSocket socket, String header) throws IOException {
    String request = "GET /now HTTP/1.1\r\nHost: x\r\n" + header + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static String renegotiated(SSLSocket socket) {
    try {
      socket.startHandshake();
      ask(socket, "Connection: close\r\n");
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "closed: " + e.getMessage();
    }
  }

  @Test
  void refusesToRenegotiate() throws Exception {
    try (var socket =
        (SSLSocket) first.trust().getSocketFactory().createSocket("localhost", address.getPort())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      ask(socket, "");
      var answer = new StringBuilder();
      while (!answer.toString().endsWith("at once")) {
        answer.append((char) socket.getInputStream().read());
      }

      assertThat(renegotiated(socket)).doesNotContain("200 OK");
    }
  }

  @Test
  void refusesFilesThatAreNotACertificate() throws Exception {
    Files.writeString(key, "nonsense");

    assertThatThrownBy(() -> new TlsFiles(certificate, key, "", InstantSource.system()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("key.pem");
  }
}
