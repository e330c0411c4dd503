package selvedge.cli.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Bytes;
import selvedge.model.tls.Trust;

/**
 * A TCP proxy that delays all bytes, to simulate a distant server. Runs on its own threads until it
 * is closed.
 */
final class DelayProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DelayProxy.class);
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int PIECES = 1024;

  private final ServerSocket near;
  private final InetSocketAddress target;
  private final Duration delay;
  private final boolean tls;
  private final Trust trust;

  /** Bytes and the time at which they are forwarded. Empty bytes mark the end. */
  private record Piece(Bytes bytes, long due) {}

  /**
   * @param trust for connections to an https server; connections to the proxy are plain, on this
   *     machine
   */
  DelayProxy(URI server, Duration delay, Trust trust) {
    this.tls = "https".equals(server.getScheme());
    int port = server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80;
    this.target = new InetSocketAddress(server.getHost(), port);
    this.trust = trust;
    this.delay = delay;
    try {
      this.near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on a loopback port", e);
    }
    Thread.ofVirtual().name("delay-proxy").start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + near.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket from = near.accept();
        Thread.ofVirtual().name("delay-proxy-connect").start(() -> connect(from));
      }
    } catch (IOException e) {
      // The proxy was closed.
      return;
    }
  }

  private void connect(Socket from) {
    var plain = new Socket();
    try {
      plain.connect(target);
      plain.setTcpNoDelay(true);
      from.setTcpNoDelay(true);
      Socket to = tls ? trust.secure(plain, target.getHostString(), target.getPort()) : plain;
      carry(from, to);
      carry(to, from);
    } catch (IOException e) {
      LOG.warn("cannot connect to the server: {}", e.getMessage());
      close(plain);
      close(from);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("cannot close a connection", e);
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Piece> queue = new LinkedBlockingQueue<>(PIECES);
    Thread.ofVirtual().name("delay-proxy-in").start(() -> read(from, queue));
    Thread.ofVirtual().name("delay-proxy-out").start(() -> write(queue, from, to));
  }

  private void read(Socket from, BlockingQueue<Piece> queue) {
    byte[] buffer = new byte[PIECE_BYTES];
    try (InputStream in = from.getInputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        queue.put(new Piece(Bytes.copyOf(buffer, 0, count), System.nanoTime() + delay.toNanos()));
      }
    } catch (IOException e) {
      // The other direction ends next, when its socket is closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.offer(new Piece(Bytes.EMPTY, System.nanoTime()));
    }
  }

  private static void write(BlockingQueue<Piece> queue, Socket from, Socket to) {
    try (from;
        to;
        OutputStream out = to.getOutputStream()) {
      for (Piece next = queue.take(); !next.bytes().isEmpty(); next = queue.take()) {
        Thread.sleep(Duration.ofNanos(Math.max(0, next.due() - System.nanoTime())));
        out.write(next.bytes().toArray());
      }
    } catch (IOException e) {
      // One side closed its connection; the other one is closed by the try statement.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      near.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stop listening", e);
    }
  }
}
