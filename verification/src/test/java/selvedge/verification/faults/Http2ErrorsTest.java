package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.RawHttp2Client;

/** Responses to an HTTP/2 client that violates the protocol or exceeds a limit. */
final class Http2ErrorsTest {
  private static final int PROTOCOL_ERROR = 1;
  private static final int FRAME_SIZE_ERROR = 6;

  private final Server server;
  private InetSocketAddress address = new InetSocketAddress(0);

  Http2ErrorsTest(@TempDir Path data) {
    server =
        new Server(
            Config.of(
                List.of(
                    new Setting("listen", "127.0.0.1:0", "the test"),
                    new Setting("data", data.toString(), "the test"),
                    new Setting("limits.request-line-bytes", "1024", "the test"),
                    new Setting("limits.header-bytes", "8192", "the test"))));
  }

  @BeforeEach
  void start() {
    URI uri = server.start();
    address = new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Completes a request, after which the connection is idle. */
  private static void settle(RawHttp2Client client) throws IOException {
    int stream = client.request("GET", "/livez", false);
    assertThat(client.receive(RawHttp2Client.HEADERS, stream).status()).isEqualTo(200);
  }

  private static String text(RawHttp2Client.Frame frame) {
    return new String(frame.payload().toArray(), StandardCharsets.ISO_8859_1);
  }

  private static int codeOf(RawHttp2Client.Frame goAway) {
    Bytes payload = goAway.payload();
    int code = 0;
    for (int i = 4; i < 8; i++) {
      code = code << 8 | (payload.at(i) & 0xff);
    }
    return code;
  }

  @Test
  void theLastFrameHasTheConnectionError() throws Exception {
    try (var client = new RawHttp2Client(address)) {
      settle(client);
      client.send(RawHttp2Client.DATA, 0, 0, new byte[10]);

      assertThat(codeOf(client.receive(RawHttp2Client.GOAWAY, 0))).isEqualTo(PROTOCOL_ERROR);
    }
  }

  @Test
  void theLastFrameHasTheErrorOfAFrameSize() throws Exception {
    try (var client = new RawHttp2Client(address)) {
      settle(client);
      client.send(RawHttp2Client.WINDOW_UPDATE, 0, 0, new byte[3]);

      assertThat(codeOf(client.receive(RawHttp2Client.GOAWAY, 0))).isEqualTo(FRAME_SIZE_ERROR);
    }
  }

  @Test
  void limitsTheRequestLineBelowTheSumOfBothLimits() throws Exception {
    try (var client = new RawHttp2Client(address)) {
      int tooLong = client.request("GET", "/livez?" + "a".repeat(2_000), false);

      RawHttp2Client.Frame refused = client.receive(RawHttp2Client.HEADERS, tooLong);
      assertThat(text(refused)).contains("414");
      RawHttp2Client.Frame reason = client.receive(RawHttp2Client.DATA, tooLong);
      assertThat(text(reason)).contains("the request line must have at most 1024 bytes");
      assertThat(reason.endsStream()).isTrue();

      int next = client.request("GET", "/livez?" + "a".repeat(900), false);
      assertThat(client.receive(RawHttp2Client.HEADERS, next).status()).isEqualTo(200);
    }
  }

  @Test
  void limitsTheHeadersBelowTheSumOfBothLimits() throws Exception {
    try (var client = new RawHttp2Client(address)) {
      int tooMany = client.request("GET", "/livez", false, "x-filler", "a".repeat(8_400));

      RawHttp2Client.Frame refused = client.receive(RawHttp2Client.HEADERS, tooMany);
      assertThat(text(refused)).contains("431");

      int next = client.request("GET", "/livez", false, "x-filler", "a".repeat(7_000));
      assertThat(client.receive(RawHttp2Client.HEADERS, next).status()).isEqualTo(200);
    }
  }
}
