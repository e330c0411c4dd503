package selvedge.server.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import selvedge.model.Bytes;

/** A client that sends exactly the given bytes. */
final class RawClient implements Closeable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket = new Socket();

  /** A response as received. */
  record Answer(String statusLine, List<String> headers, Bytes body) {
    String text() {
      return new String(body.toArray(), StandardCharsets.ISO_8859_1);
    }
  }

  RawClient(InetSocketAddress address) throws IOException {
    socket.connect(address);
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Closes the sending side of the connection. */
  void endSending() throws IOException {
    socket.shutdownOutput();
  }

  Answer receive() throws IOException {
    String statusLine = line();
    List<String> headers = new ArrayList<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      headers.add(header);
    }
    return new Answer(statusLine, headers, Bytes.adopt(body(headers)));
  }

  private byte[] body(List<String> headers) throws IOException {
    InputStream in = socket.getInputStream();
    for (String header : headers) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
        return in.readNBytes(Integer.parseInt(header.substring(16)));
      }
      if (header.equalsIgnoreCase("transfer-encoding: chunked")) {
        return chunks();
      }
    }
    return new byte[0];
  }

  private byte[] chunks() throws IOException {
    var whole = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      whole.write(socket.getInputStream().readNBytes(size));
      line();
      if (size == 0) {
        return whole.toByteArray();
      }
    }
  }

  /** Waits for the end of the connection and returns whether the server sent nothing before it. */
  boolean isClosed() throws IOException {
    return socket.getInputStream().read() < 0;
  }

  /** Returns all bytes up to the end of the connection. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended after \"" + line + "\"");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
