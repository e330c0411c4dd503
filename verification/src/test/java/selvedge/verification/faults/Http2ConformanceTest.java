package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  @Test
  void mostCasesOfH2specAreHere() {
    assertThat(cases()).extracting(Http2Case::id).doesNotHaveDuplicates().hasSizeGreaterThan(130);
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
