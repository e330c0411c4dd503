package selvedge.benchmarks.race;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A connection to etcd that makes one put at a time: gRPC over HTTP/2, without a library, so that
 * the load takes as little CPU time as that of wrk. Belongs to one thread.
 */
final class EtcdConnection implements AutoCloseable {
  private static final byte DATA = 0;
  private static final byte HEADERS = 1;
  private static final byte SETTINGS = 4;
  private static final byte PING = 6;
  private static final byte GO_AWAY = 7;
  private static final byte WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int ACKNOWLEDGED = 1;
  private static final int STREAM_MAX = 1 << 30;
  private static final int WINDOW = 1 << 30;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final byte[] headers;
  private int stream = -1;

  EtcdConnection(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 << 10));
    this.headers = headers(port);
    var hello = new ByteArrayOutputStream();
    hello.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(hello, SETTINGS, 0, 0, new byte[0]);
    frame(hello, WINDOW_UPDATE, 0, 0, number(WINDOW));
    out.write(hello.toByteArray());
  }

  /** Returns the header block of a put. No field enters the table of the server. */
  private static byte[] headers(int port) {
    var block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x86); // :scheme http
    block.write(0x04); // :path
    text(block, "/etcdserverpb.KV/Put");
    block.write(0x01); // :authority
    text(block, "127.0.0.1:" + port);
    block.write(0x0f); // content-type, index 31
    block.write(0x10);
    text(block, "application/grpc");
    block.write(0x00);
    text(block, "te");
    text(block, "trailers");
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    block.write(bytes.length);
    block.writeBytes(bytes);
  }

  private static byte[] number(int number) {
    return new byte[] {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
  }

  private static void frame(
      ByteArrayOutputStream to, byte type, int flags, int stream, byte[] payload) {
    to.write(payload.length >>> 16);
    to.write(payload.length >>> 8);
    to.write(payload.length);
    to.write(type);
    to.write(flags);
    to.writeBytes(number(stream));
    to.writeBytes(payload);
  }

  /** Puts a value, and throws if etcd does not acknowledge it. */
  void put(byte[] key, byte[] value) throws IOException {
    stream += 2;
    if (stream > STREAM_MAX) {
      throw new IOException("this connection has made too many puts");
    }
    var request = new ByteArrayOutputStream(value.length + key.length + 64);
    frame(request, HEADERS, END_HEADERS, stream, headers);
    frame(request, DATA, END_STREAM, stream, message(key, value));
    out.write(request.toByteArray());
    awaitAnswer();
  }

  /** Returns a PutRequest, with the prefix of gRPC. */
  private static byte[] message(byte[] key, byte[] value) {
    var fields = new ByteArrayOutputStream(value.length + key.length + 16);
    field(fields, 1, key);
    field(fields, 2, value);
    var message = new ByteArrayOutputStream(fields.size() + 5);
    message.write(0);
    message.writeBytes(number(fields.size()));
    message.writeBytes(fields.toByteArray());
    return message.toByteArray();
  }

  private static void field(ByteArrayOutputStream fields, int number, byte[] bytes) {
    fields.write((number << 3) | 2);
    int length = bytes.length;
    while (length > 0x7f) {
      fields.write((length & 0x7f) | 0x80);
      length >>>= 7;
    }
    fields.write(length);
    fields.writeBytes(bytes);
  }

  /** Only an answer with a message is a success: a failure has trailers alone. */
  private void awaitAnswer() throws IOException {
    boolean answered = false;
    while (true) {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      byte type = in.readByte();
      int flags = in.readUnsignedByte();
      int from = in.readInt();
      byte[] payload = in.readNBytes(length);
      switch (type) {
        case DATA -> answered |= length > 5;
        case SETTINGS, PING -> acknowledge(type, flags, payload);
        case GO_AWAY -> throw new IOException("etcd closes the connection");
        default -> {}
      }
      if (from == stream && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
        if (!answered) {
          throw new IOException("etcd did not make a put");
        }
        return;
      }
    }
  }

  private void acknowledge(byte type, int flags, byte[] payload) throws IOException {
    if ((flags & ACKNOWLEDGED) == 0) {
      var answer = new ByteArrayOutputStream();
      frame(answer, type, ACKNOWLEDGED, 0, type == PING ? payload : new byte[0]);
      out.write(answer.toByteArray());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
