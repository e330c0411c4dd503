package selvedge.server.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The first message of a TLS client up to TLS 1.2, byte for byte, so that it can offer what no
 * library of today offers.
 *
 * @param version such as 0x0303 for TLS 1.2
 * @param suites numbers of the cipher suites that are offered
 * @param compressions numbers of the compression methods that are offered
 */
record HelloMessage(int version, List<Integer> suites, List<Integer> compressions) {
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;
  private static final int HEARTBEAT = 15;

  HelloMessage {
    suites = List.copyOf(suites);
    compressions = List.copyOf(compressions);
  }

  /**
   * What a server chose.
   *
   * @param extensions numbers of the extensions that it answered
   */
  record Choice(int version, int suite, int compression, Set<Integer> extensions) {}

  /** Sends the message and returns the choice of the server; empty if it refuses. */
  Optional<Choice> send(InetSocketAddress server) throws IOException {
    try (var socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(record());
      var in = new DataInputStream(socket.getInputStream());
      if (in.read() != HANDSHAKE) {
        return Optional.empty();
      }
      in.skipNBytes(4);
      if (in.read() != SERVER_HELLO) {
        return Optional.empty();
      }
      in.skipNBytes(3);
      int chosen = in.readUnsignedShort();
      in.skipNBytes(32);
      in.skipNBytes(in.readUnsignedByte());
      return Optional.of(
          new Choice(chosen, in.readUnsignedShort(), in.readUnsignedByte(), extensions(in)));
    }
  }

  private static Set<Integer> extensions(DataInputStream in) throws IOException {
    Set<Integer> numbers = new HashSet<>();
    int left = in.readUnsignedShort();
    while (left > 0) {
      numbers.add(in.readUnsignedShort());
      int length = in.readUnsignedShort();
      in.skipNBytes(length);
      left -= length + 4;
    }
    return numbers;
  }

  private byte[] record() throws IOException {
    var hello = new ByteArrayOutputStream();
    var out = new DataOutputStream(hello);
    out.writeShort(version);
    out.write(new byte[32]);
    out.writeByte(0);
    out.writeShort(2 * suites.size());
    for (int suite : suites) {
      out.writeShort(suite);
    }
    out.writeByte(compressions.size());
    for (int compression : compressions) {
      out.writeByte(compression);
    }
    byte[] extensions = extensions();
    out.writeShort(extensions.length);
    out.write(extensions);

    var record = new ByteArrayOutputStream();
    var frame = new DataOutputStream(record);
    frame.writeByte(HANDSHAKE);
    frame.writeShort(0x0301);
    frame.writeShort(hello.size() + 4);
    frame.writeInt(CLIENT_HELLO << 24 | hello.size());
    hello.writeTo(frame);
    return record.toByteArray();
  }

  private static byte[] extensions() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    extension(out, 10, 0x001d, 0x0017, 0x0018);
    extension(out, 13, 0x0804, 0x0403, 0x0401, 0x0503, 0x0501, 0x0203, 0x0201, 0x0101);
    out.writeShort(HEARTBEAT);
    out.writeShort(1);
    out.writeByte(1);
    // An empty list of past handshakes: the client knows secure renegotiation.
    out.writeShort(0xff01);
    out.writeShort(1);
    out.writeByte(0);
    return bytes.toByteArray();
  }

  private static void extension(DataOutputStream out, int number, int... values)
      throws IOException {
    out.writeShort(number);
    out.writeShort(2 * values.length + 2);
    out.writeShort(2 * values.length);
    for (int value : values) {
      out.writeShort(value);
    }
  }
}
