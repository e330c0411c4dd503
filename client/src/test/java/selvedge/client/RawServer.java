package selvedge.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket whose answers a test writes. Safe for use by many threads. */
final class RawServer implements AutoCloseable {
  private final ServerSocket server;
  private final Answer answer;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Writes the answer to one request. */
  interface Answer {
    void write(Head head, OutputStream out) throws IOException, InterruptedException;
  }

  /** The request line and the header fields of a request. */
  record Head(String line, List<String> fields) {
    String header(String name) {
      String start = name.toLowerCase(java.util.Locale.ROOT) + ":";
      return fields.stream()
          .filter(field -> field.toLowerCase(java.util.Locale.ROOT).startsWith(start))
          .map(field -> field.substring(start.length()).trim())
          .findFirst()
          .orElse("");
    }
  }

  RawServer(Answer answer) {
    this.answer = answer;
    try {
      this.server = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Returns the number of connections that were opened. */
  int connections() {
    return connections.get();
  }

  /** Waits until the server is closed, like a peer behind a broken connection. */
  void fallSilent() throws InterruptedException {
    closed.await();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The server is closed.
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> fields = new ArrayList<>();
        for (String field = in.readLine();
            field != null && !field.isEmpty();
            field = in.readLine()) {
          fields.add(field);
        }
        var head = new Head(line, fields);
        int length = head.header("content-length").isEmpty() ? 0 : number(head);
        for (int i = 0; i < length; i++) {
          in.read();
        }
        answer.write(head, out);
        out.flush();
      }
    } catch (IOException e) {
      // The client has closed the connection.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int number(Head head) {
    return Integer.parseInt(head.header("content-length"));
  }

  /** Writes a whole answer, with header fields of the form {@code Name: value}. */
  static void reply(OutputStream out, int status, String body, String... fields)
      throws IOException {
    head(out, status, body.getBytes(StandardCharsets.UTF_8).length, fields);
    text(out, body);
  }

  /** Writes the head of an answer; a negative length leaves it out. */
  static void head(OutputStream out, int status, int length, String... fields) throws IOException {
    text(out, "HTTP/1.1 " + status + " -\r\n" + (length < 0 ? "" : "Content-Length: " + length));
    text(out, (length < 0 ? "" : "\r\n") + String.join("\r\n", fields));
    text(out, (fields.length == 0 ? "" : "\r\n") + "\r\n");
    out.flush();
  }

  static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
