package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import selvedge.model.Bytes;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.RawHttp2Client;

/** Responses to an HTTP/2 client that violates the protocol or exceeds a limit. */
final class Http2ErrorsTest {
  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int STREAM_CLOSED = 5;
  private static final int FRAME_SIZE_ERROR = 6;
  private static final int COMPRESSION_ERROR = 9;

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

  /**
   * What breaks the connection.
   *
   * @param payload the bytes of the frame, in hexadecimal
   * @param code the error that RFC 9113 gives it
   */
  record BadFrame(String what, int type, int flags, int stream, String payload, int code) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<BadFrame> badFrames() {
    String path = "828684" + "4101" + "78";
    return List.of(
        new BadFrame("headers on stream 0", 1, 0x5, 0, path, PROTOCOL_ERROR),
        new BadFrame("headers on an even stream", 1, 0x5, 2, path, PROTOCOL_ERROR),
        new BadFrame("padding longer than the frame", 1, 0xd, 3, "ff" + path, PROTOCOL_ERROR),
        new BadFrame("a broken header block", 1, 0x5, 3, "ff", COMPRESSION_ERROR),
        new BadFrame("a reset of stream 0", 3, 0, 0, "00000008", PROTOCOL_ERROR),
        new BadFrame("a reset of an idle stream", 3, 0, 99, "00000008", PROTOCOL_ERROR),
        new BadFrame("a reset of five bytes", 3, 0, 1, "0000000800", FRAME_SIZE_ERROR),
        new BadFrame("settings on a stream", 4, 0, 1, "", PROTOCOL_ERROR),
        new BadFrame("settings of five bytes", 4, 0, 0, "0000000000", FRAME_SIZE_ERROR),
        new BadFrame("an acknowledgement with settings", 4, 1, 0, "000400000001", FRAME_SIZE_ERROR),
        new BadFrame("push that is neither on nor off", 4, 0, 0, "000200000002", PROTOCOL_ERROR),
        new BadFrame("a window over 2^31 - 1", 4, 0, 0, "000480000000", FLOW_CONTROL_ERROR),
        new BadFrame("frames over 2^24 - 1 bytes", 4, 0, 0, "000501000000", PROTOCOL_ERROR),
        new BadFrame("a push by a client", 5, 4, 1, "00000002" + path, PROTOCOL_ERROR),
        new BadFrame("a ping on a stream", 6, 0, 1, "0000000000000000", PROTOCOL_ERROR),
        new BadFrame("a ping of seven bytes", 6, 0, 0, "00000000000000", FRAME_SIZE_ERROR),
        new BadFrame("a window that grows by nothing", 8, 0, 0, "00000000", PROTOCOL_ERROR),
        new BadFrame("a window over its limit", 8, 0, 0, "7fffffff", FLOW_CONTROL_ERROR),
        new BadFrame("a window of an idle stream", 8, 0, 99, "00000001", PROTOCOL_ERROR),
        new BadFrame("a continuation of nothing", 9, 4, 1, path, PROTOCOL_ERROR));
  }

  @ParameterizedTest
  @MethodSource("badFrames")
  void aBadFrameEndsTheConnectionWithItsError(BadFrame bad) throws Exception {
    try (var client = new RawHttp2Client(address)) {
      settle(client);
      client.send(bad.type(), bad.flags(), bad.stream(), HexFormat.of().parseHex(bad.payload()));

      assertThat(codeOf(client.receive(RawHttp2Client.GOAWAY, 0))).isEqualTo(bad.code());
      client.readToEnd();
    }
    try (var next = new RawHttp2Client(address)) {
      settle(next);
    }
  }

  @ParameterizedTest
  @CsvSource({"a frame of an unknown type, 250, 0", "an unknown setting, 4, 0", "a priority, 2, 1"})
  void whatHttp2LetsBeIgnoredIsIgnored(String what, int type, int stream) throws Exception {
    byte[] payload = HexFormat.of().parseHex(type == 4 ? "00ff00000001" : "0000000310");
    try (var client = new RawHttp2Client(address)) {
      settle(client);
      client.send(type, 0, stream, payload);
      settle(client);
    }
  }

  /** The server does not keep which side has closed a stream, so this ends the stream only. */
  @Test
  void headersOnAClosedStreamAreAnsweredByAReset() throws Exception {
    try (var client = new RawHttp2Client(address)) {
      settle(client);
      client.send(RawHttp2Client.HEADERS, 0x5, 1, HexFormat.of().parseHex("828684410178"));

      Bytes code = client.receive(RawHttp2Client.RST_STREAM, 1).payload();
      assertThat(code.toArray()).containsExactly(0, 0, 0, STREAM_CLOSED);
      settle(client);
    }
  }
}
