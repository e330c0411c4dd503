package selvedge.examples.bookshop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy in front of a server, which a test lets fail. Safe for use by many threads. */
final class FaultProxy implements AutoCloseable {
  private static final byte[] UNAVAILABLE =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile ServerSocket listener;
  private volatile URI target;
  private volatile Fault fault = Fault.NONE;

  /** What the proxy does with a connection. */
  enum Fault {
    NONE,
    /** Each answer arrives 5 seconds late. */
    SLOW,
    /** Each request is answered with 503. */
    UNAVAILABLE
  }

  FaultProxy(URI target) {
    this.target = target;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    accept(listener);
  }

  private static ServerSocket listen(int port) {
    try {
      return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return URI.create(target.getScheme() + "://127.0.0.1:" + port);
  }

  /** Forwards new connections to another address, and closes the others. */
  void forwardTo(URI changed) {
    target = changed;
    closeConnections();
  }

  void set(Fault changed) {
    fault = changed;
    closeConnections();
  }

  /** Refuses connections, as the machine of a server does after its process has ended. */
  void refuse() {
    close();
  }

  /** Listens on the same port again. */
  void listenAgain() {
    listener = listen(port);
    accept(listener);
  }

  private void accept(ServerSocket open) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  connect(open.accept());
                }
              } catch (IOException e) {
                // The proxy refuses connections now.
                return;
              }
            });
  }

  private void connect(Socket near) throws IOException {
    sockets.add(near);
    if (fault == Fault.UNAVAILABLE) {
      Thread.ofVirtual().start(() -> answer(near));
      return;
    }
    Socket far;
    try {
      far = new Socket(InetAddress.getLoopbackAddress(), target.getPort());
    } catch (IOException e) {
      near.close();
      return;
    }
    sockets.add(far);
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    Duration delay = fault == Fault.SLOW ? Duration.ofSeconds(5) : Duration.ZERO;
    Thread.ofVirtual().start(() -> pump(near, far, Duration.ZERO));
    Thread.ofVirtual().start(() -> pump(far, near, delay));
  }

  private static void answer(Socket near) {
    byte[] buffer = new byte[64 * 1024];
    try (near) {
      while (near.getInputStream().read(buffer) > 0) {
        near.getOutputStream().write(UNAVAILABLE);
      }
    } catch (IOException e) {
      // The client has closed the connection.
      return;
    }
  }

  private static void pump(Socket from, Socket to, Duration delay) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        Thread.sleep(delay);
        out.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // One of the two sides has closed the connection.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeConnections() {
    sockets.forEach(FaultProxy::close);
    sockets.clear();
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    close(listener);
    closeConnections();
  }
}
