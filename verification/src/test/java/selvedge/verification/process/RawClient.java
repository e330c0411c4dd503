package selvedge.verification.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import selvedge.model.Bytes;

/** A client that sends exactly the given bytes. Belongs to one thread. */
public final class RawClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Socket socket = new Socket();

  /**
   * A response as received.
   *
   * @param headers values by their names in lower case
   */
  public record Answer(int status, String reason, Map<String, String> headers, Bytes body) {}

  public RawClient(InetSocketAddress address) throws IOException {
    this(address, 0);
  }

  /**
   * @param receiveBytes the size of the receive buffer of the socket; 0 for the default
   */
  public RawClient(InetSocketAddress address, int receiveBytes) throws IOException {
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(address);
    socket.setSoTimeout((int) TIMEOUT.toMillis());
  }

  /**
   * @param own the address of this client
   */
  public RawClient(InetSocketAddress address, InetSocketAddress own) throws IOException {
    socket.bind(own);
    socket.connect(address);
    socket.setSoTimeout((int) TIMEOUT.toMillis());
  }

  /** Returns the port of this client. */
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Returns whether a program accepts connections at the address. */
  public static boolean isTaken(InetSocketAddress address) {
    try (Socket probe = new Socket()) {
      probe.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads one response. The request must not be a HEAD. */
  public Answer receive() throws IOException {
    String statusLine = line();
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    String[] words = statusLine.split(" ", 3);
    int status = Integer.parseInt(words[1]);
    return new Answer(
        status, words.length < 3 ? "" : words[2], headers, Bytes.adopt(body(status, headers)));
  }

  /** Reads the head of a response and returns its status. The body is not read. */
  public int receiveHead() throws IOException {
    int status = Integer.parseInt(line().split(" ", -1)[1]);
    while (!line().isEmpty()) {}
    return status;
  }

  private byte[] body(int status, Map<String, String> headers) throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return new byte[0];
    }
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return chunks();
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return socket.getInputStream().readNBytes(length);
  }

  /** Reads a head and the first chunk of an endless body. */
  public String startOfBody() throws IOException {
    while (!line().isEmpty()) {}
    int size = Integer.parseInt(line(), 16);
    return new String(socket.getInputStream().readNBytes(size), StandardCharsets.UTF_8);
  }

  /** Returns whether unread bytes have arrived. */
  public boolean hasMore() throws IOException {
    return socket.getInputStream().available() > 0;
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

  /** Reads until the end or a reset of the connection and returns the number of bytes. */
  public long readToEnd() throws IOException {
    long count = 0;
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        count += n;
      }
    } catch (SocketException e) {
      // A reset also ends the connection.
      return count;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
