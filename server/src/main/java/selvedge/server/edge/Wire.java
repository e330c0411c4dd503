package selvedge.server.edge;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import selvedge.model.tls.Trust;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Response;

/**
 * An HTTP/1.1 connection to the origin. It passes targets, headers and reason phrases on byte for
 * byte. Belongs to one thread at a time; another thread may close it.
 */
final class Wire implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int LINE_BYTES_MAX = 64 * 1024;
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** The head of an answer. The body is not read yet. */
  record Head(int status, String reason, List<Response.Header> headers) {
    /** Returns whether an answer with this status has no body. */
    boolean isBare() {
      return status == 204 || status == 304;
    }

    String header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(Response.Header::value)
          .findFirst()
          .orElse("");
    }
  }

  private Wire(SocketChannel channel, Socket socket) throws IOException {
    this.channel = channel;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  /**
   * Connects to the origin and, for an https origin, checks its certificate and its name.
   *
   * @param patience the longest wait for the next bytes of an answer
   */
  static Wire open(URI origin, Duration connecting, Duration patience, Trust trust)
      throws IOException {
    boolean tls = "https".equals(origin.getScheme());
    int port = origin.getPort() >= 0 ? origin.getPort() : tls ? 443 : 80;
    SocketChannel channel = SocketChannel.open();
    try {
      Socket plain = channel.socket();
      plain.connect(new InetSocketAddress(origin.getHost(), port), (int) connecting.toMillis());
      plain.setSoTimeout((int) patience.toMillis());
      plain.setTcpNoDelay(true);
      return new Wire(channel, tls ? trust.secure(plain, origin.getHost(), port) : plain);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Returns whether the origin has not closed the idle connection. */
  boolean isAlive() {
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends a request, and stops early if the origin accepts no more bytes. A body of unknown length
   * is sent in chunks. Only the body can cause an exception.
   */
  void send(
      String method,
      String target,
      List<Response.Header> headers,
      OptionalLong length,
      InputStream body)
      throws IOException {
    var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    headers.forEach(
        header -> head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
    head.append(
        length.isPresent()
            ? "Content-Length: " + length.getAsLong() + "\r\n\r\n"
            : "Transfer-Encoding: chunked\r\n\r\n");
    boolean taken = take(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    byte[] piece = new byte[BUFFER_BYTES];
    int count = body.read(piece);
    while (taken && count >= 0) {
      byte[] part = Arrays.copyOf(piece, count);
      taken = length.isPresent() ? take(part) : count == 0 || take(chunk(part));
      count = body.read(piece);
    }
    if (taken && (length.isPresent() || take(LAST_CHUNK))) {
      take(new byte[0]);
    }
  }

  /**
   * Writes bytes and returns whether the origin accepted them. An origin that has answered already
   * may accept no more; then its answer is read.
   */
  private boolean take(byte[] bytes) {
    try {
      out.write(bytes);
      if (bytes.length == 0) {
        out.flush();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] chunk(byte[] bytes) {
    byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] chunk = Arrays.copyOf(size, size.length + bytes.length + 2);
    System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    return chunk;
  }

  Head head() throws IOException {
    String first = line();
    while (first.startsWith("HTTP/1.1 1")) {
      while (!line().isEmpty()) {}
      first = line();
    }
    if (first.length() < 12 || !first.startsWith("HTTP/1.1 ")) {
      throw new IOException("the answer is not HTTP/1.1: " + first);
    }
    List<Response.Header> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(
            new Response.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
      }
    }
    String reason = first.length() > 13 ? first.substring(13) : "";
    return new Head(Integer.parseInt(first.substring(9, 12)), reason, headers);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the origin has closed the connection");
      }
      if (line.length() > LINE_BYTES_MAX) {
        throw new IOException("a line of the answer is too long");
      }
      line.append((char) c);
    }
    return line.isEmpty() || line.charAt(line.length() - 1) != '\r'
        ? line.toString()
        : line.substring(0, line.length() - 1);
  }

  /**
   * Returns the body of an answer. It must be read to its end before the connection is used again.
   *
   * @param method of the request, because an answer to HEAD has no body
   */
  InputStream body(String method, Head head) {
    if (method.equals("HEAD") || head.isBare()) {
      return InputStream.nullInputStream();
    }
    if (head.header("Transfer-Encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      return new ChunkedBody(in, this::line);
    }
    String length = head.header(HeaderNames.CONTENT_LENGTH);
    return length.isEmpty() ? in : new BoundedBody(in, Long.parseLong(length));
  }

  @Override
  public void close() {
    try {
      channel.close();
      socket.close();
    } catch (IOException e) {
      // The connection is not used any more.
      return;
    }
  }
}
