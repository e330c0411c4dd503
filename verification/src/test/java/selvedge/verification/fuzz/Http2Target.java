package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import selvedge.verification.process.RawHttp2Client;

/**
 * Fuzzes frames of HTTP/2. What the server sends must be valid frames, without a status 500, and a
 * request on the next connection must be answered.
 */
public final class Http2Target {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int HEADER_BYTES = 9;
  private static final int FRAME_BYTES_MAX = 16_384;
  private static final int STATUS_500 = 0x8e;
  private static final int PROBE_INTERVAL = 64;
  private static final FuzzedServer SERVER = new FuzzedServer();
  private static final List<String> PATHS =
      List.of("/livez", "/kv/n/k", "/v1/namespaces/n/bulk", "/v1/namespaces/n/keys", "/", "*");
  private static int inputs;

  private Http2Target() {}

  /** Starts the server before the first input, whose time is limited. */
  public static void fuzzerInitialize() throws IOException {
    probe();
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(PREFACE.getBytes(StandardCharsets.ISO_8859_1));
    frame(out, RawHttp2Client.SETTINGS, 0, 0, new byte[0]);
    int frames = data.consumeInt(1, 10);
    for (int i = 0; i < frames; i++) {
      frame(data, out);
    }
    requireFrames(SERVER.send(out.toByteArray()));
    if (++inputs % PROBE_INTERVAL == 0) {
      probe();
    }
  }

  private static void probe() throws IOException {
    String answer =
        SERVER.send("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    if (!answer.startsWith("HTTP/1.1 200 ")) {
      throw new AssertionError("the server does not answer a probe: " + answer);
    }
  }

  private static void frame(FuzzedDataProvider data, ByteArrayOutputStream out) {
    int type = data.pickValue(List.of(0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 250));
    int stream = data.pickValue(List.of(0, 1, 1, 3, 3, 5, 2, Integer.MAX_VALUE));
    int flags = data.consumeBoolean() ? data.consumeByte() & 0xff : type == 1 ? 5 : 1;
    byte[] payload =
        type == RawHttp2Client.HEADERS && data.consumeInt(0, 4) > 0
            ? block(data)
            : data.consumeBytes(data.pickValue(List.of(0, 4, 5, 6, 8, 40)));
    if (payload.length > 0 && data.consumeInt(0, 9) == 0) {
      payload[data.consumeInt(0, payload.length - 1)] = data.consumeByte();
    }
    frame(out, type, flags, stream, payload);
  }

  private static byte[] block(FuzzedDataProvider data) {
    List<String> more =
        data.pickValue(
            List.of(
                List.of(),
                List.of("content-length", "3"),
                List.of("te", "trailers"),
                List.of("cookie", "a=b"),
                List.of(":status", "200"),
                List.of("connection", "close")));
    try {
      var fields = new ByteArrayOutputStream();
      fields.writeBytes(
          RawHttp2Client.block(
              List.of(
                  ":method",
                  data.pickValue(List.of("GET", "PUT", "POST", "HEAD", "CONNECT", "g e t")),
                  ":scheme",
                  "http",
                  ":path",
                  data.pickValue(PATHS) + data.consumeAsciiString(6),
                  ":authority",
                  "localhost")));
      fields.writeBytes(RawHttp2Client.block(more));
      return fields.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    out.writeBytes(
        ByteBuffer.allocate(HEADER_BYTES)
            .put((byte) (payload.length >>> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .array());
    out.writeBytes(payload);
  }

  private static void requireFrames(String answer) {
    ByteBuffer in = ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1));
    while (in.remaining() >= HEADER_BYTES) {
      int length = (in.get() & 0xff) << 16 | (in.getShort() & 0xffff);
      int type = in.get();
      in.get();
      in.getInt();
      if (type > RawHttp2Client.CONTINUATION || length > FRAME_BYTES_MAX) {
        throw new AssertionError("the server sent a frame of type " + type + ", length " + length);
      }
      if (in.remaining() < length) {
        return;
      }
      byte[] payload = new byte[length];
      in.get(payload);
      if (type == RawHttp2Client.HEADERS && (payload[0] & 0xff) == STATUS_500) {
        throw new AssertionError("the server answers 500");
      }
    }
  }
}
