package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.faults.Http2Case.ConnectionError;
import selvedge.verification.faults.Http2Case.Served;
import selvedge.verification.faults.Http2Case.StreamError;
import selvedge.verification.process.RawHttp2Client;
import selvedge.verification.process.RawHttp2Client.Frame;

/** The cases of h2spec against a server, over sockets. */
final class Http2ConformanceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
  private static final int PROBE = 1001;
  private static final int STATUS_400 = 0x8c;

  @TempDir static Path data;

  private static Server server;
  private static InetSocketAddress address;

  @BeforeAll
  static void start() {
    server =
        new Server(
            Config.of(
                List.of(
                    new Setting("listen", "127.0.0.1:0", "the test"),
                    new Setting("data", data.toString(), "the test"))));
    URI uri = server.start();
    address = new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<Http2Case> cases() {
    return Http2Case.all();
  }

  /** The two cases of section 3.5 are tests below. */
  @Test
  void allCasesOfH2specAreHere() {
    assertThat(cases()).extracting(Http2Case::id).doesNotHaveDuplicates().hasSize(144);
  }

  @Test
  void theFirstFrameOfTheServerIsItsSettings() throws Exception {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      socket.getOutputStream().write(bytes(PREFACE));
      byte[] head = socket.getInputStream().readNBytes(9);

      assertThat(head[3]).isEqualTo((byte) RawHttp2Client.SETTINGS);
      assertThat(Arrays.copyOfRange(head, 4, 9)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INVALID CONNECTION PREFACE\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n\0\0\0\4\0\0\0\0\0",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\6\0\0\0\0\0"
      })
  void aConnectionWithAnInvalidPrefaceIsEnded(String preface) throws Exception {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(bytes(preface));

      byte[] answer = socket.getInputStream().readAllBytes();

      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain(" 200 ");
    } catch (SocketException e) {
      // The server may end the connection by a reset.
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theServerDoesWhatTheCaseRequires(Http2Case each) throws Exception {
    try (var client = new RawHttp2Client(address)) {
      var sender = new Http2Case.Sender(client);
      boolean ended = false;
      try {
        each.script().run(sender);
        if (each.expected() instanceof Served) {
          sender.get(PROBE);
        }
      } catch (SocketException e) {
        ended = true;
      }
      switch (each.expected()) {
        case Served _ ->
            assertThat(client.receive(RawHttp2Client.HEADERS, PROBE).status()).isEqualTo(200);
        case ConnectionError(Set<Integer> codes) -> requireError(client, codes, false, ended);
        case StreamError(Set<Integer> codes) -> requireError(client, codes, true, ended);
      }
    }
  }

  /** Reads frames until the server has refused what it received. */
  private static void requireError(
      RawHttp2Client client, Set<Integer> codes, boolean ofStream, boolean ended)
      throws IOException {
    try {
      while (true) {
        Frame frame = client.receive();
        if (frame.type() == RawHttp2Client.GOAWAY) {
          assertThat(code(frame.payload(), 4)).isIn(codes);
          client.readToEnd();
          return;
        }
        if (ofStream && frame.type() == RawHttp2Client.RST_STREAM) {
          assertThat(code(frame.payload(), 0)).isIn(codes);
          return;
        }
        if (ofStream
            && frame.type() == RawHttp2Client.HEADERS
            && (frame.payload().at(0) & 0xff) == STATUS_400) {
          return;
        }
      }
    } catch (EOFException | SocketException e) {
      // A server may also end the connection without a last frame.
      assertThat(ended || ofStream || !codes.isEmpty()).isTrue();
    }
  }

  private static int code(Bytes payload, int start) {
    int code = 0;
    for (int i = start; i < start + 4; i++) {
      code = code << 8 | (payload.at(i) & 0xff);
    }
    return code;
  }
}
