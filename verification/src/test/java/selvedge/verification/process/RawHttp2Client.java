package selvedge.verification.process;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import selvedge.model.Bytes;

/**
 * An HTTP/2 client that sends single frames, with prior knowledge. Belongs to one thread.
 *
 * <p>It sends headers as literals, and reads only the status of response headers.
 */
public final class RawHttp2Client implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;
  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;
  private int lastStream = -1;

  /** A frame as received. */
  public record Frame(int type, int flags, int stream, Bytes payload) {

    public boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** Returns the status of a HEADERS frame. It comes first, and common values are indexed. */
    public int status() {
      int first = payload.at(0) & 0xff;
      return switch (first) {
        case 0x88 -> 200;
        case 0x89 -> 204;
        case 0x8a -> 206;
        case 0x8b -> 304;
        case 0x8c -> 400;
        case 0x8d -> 404;
        case 0x8e -> 500;
        default -> -1;
      };
    }
  }

  public RawHttp2Client(InetSocketAddress address) throws IOException {
    socket.connect(address);
    socket.setSoTimeout((int) TIMEOUT.toMillis());
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(SETTINGS, 0, 0, new byte[0]);
  }

  public void send(int type, int flags, int stream, byte[] payload) throws IOException {
    send(type, flags, stream, payload, payload.length);
  }

  /** Sends a frame without flags, but only half of its payload. */
  public void sendHalf(int type, int stream, byte[] payload) throws IOException {
    send(type, 0, stream, payload, payload.length / 2);
  }

  private void send(int type, int flags, int stream, byte[] payload, int sent) throws IOException {
    out.writeByte(payload.length >>> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload, 0, sent);
    out.flush();
  }

  /**
   * Starts a request on the next stream and returns the stream. A body may follow as DATA.
   *
   * @param fields names and values in turn
   */
  public int request(String method, String path, boolean hasBody, String... fields)
      throws IOException {
    return request(method, path, "x", hasBody, List.of(fields));
  }

  /** Starts a request without a body and returns its stream. */
  public int request(String method, String path, String authority) throws IOException {
    return request(method, path, authority, false, List.of());
  }

  private int request(
      String method, String path, String authority, boolean hasBody, List<String> fields)
      throws IOException {
    lastStream += 2;
    List<String> all =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":path", path, ":authority", authority));
    all.addAll(fields);
    int flags = END_HEADERS | (hasBody ? 0 : END_STREAM);
    send(HEADERS, flags, lastStream, block(all));
    return lastStream;
  }

  /**
   * Encodes header fields as literals.
   *
   * @param fields names and values in turn
   */
  public static byte[] block(List<String> fields) throws IOException {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.size(); i += 2) {
      header(block, fields.get(i), fields.get(i + 1));
    }
    return block.toByteArray();
  }

  /** Writes a literal without index and without Huffman code. */
  private static void header(ByteArrayOutputStream headers, String name, String value)
      throws IOException {
    headers.write(0);
    text(headers, name);
    text(headers, value);
  }

  private static void text(ByteArrayOutputStream headers, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      headers.write(bytes.length);
    } else {
      headers.write(127);
      int rest = bytes.length - 127;
      while (rest >= 128) {
        headers.write(rest % 128 + 128);
        rest /= 128;
      }
      headers.write(rest);
    }
    headers.write(bytes);
  }

  /** Reads the next frame and acknowledges settings. */
  public Frame receive() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    if (type == SETTINGS && (flags & ACK) == 0) {
      acknowledge();
    }
    return new Frame(type, flags, stream, Bytes.adopt(payload));
  }

  /** What a server sent before it ended the connection can be read without the acknowledgment. */
  private void acknowledge() throws IOException {
    try {
      send(SETTINGS, ACK, 0, new byte[0]);
    } catch (SocketException _) {
      // The server has ended the connection.
    }
  }

  /** Reads frames until one of the type arrives on the stream. */
  public Frame receive(int type, int stream) throws IOException {
    Frame frame = receive();
    while (frame.type() != type || frame.stream() != stream) {
      frame = receive();
    }
    return frame;
  }

  /** Reads until the end or a reset of the connection. */
  public void readToEnd() throws IOException {
    try {
      while (true) {
        receive();
      }
    } catch (EOFException | SocketException e) {
      // The answer to an acknowledgment that arrives after the end is a reset.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
