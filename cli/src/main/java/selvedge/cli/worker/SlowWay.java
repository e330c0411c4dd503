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
 * A way to a server on which every byte takes its time, as if the server were far away. Runs on
 * threads of its own until it is closed.
 */
final class SlowWay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlowWay.class);
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int PIECES = 1024;

  private final ServerSocket near;
  private final InetSocketAddress target;
  private final Duration delay;
  private final boolean tls;
  private final Trust trust;

  /** Bytes on their way; none of them at the end. */
  private record Piece(Bytes bytes, long due) {}

  /**
   * @param trust of the way to an https server; the way to this end is plain, on this machine
   */
  SlowWay(URI server, Duration delay, Trust trust) {
    this.tls = "https".equals(server.getScheme());
    int port = server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80;
    this.target = new InetSocketAddress(server.getHost(), port);
    this.trust = trust;
    this.delay = delay;
    try {
      this.near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen", e);
    }
    Thread.ofVirtual().name("slow-way").start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + near.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket from = near.accept();
        Thread.ofVirtual().name("slow-way-connect").start(() -> connect(from));
      }
    } catch (IOException e) {
      // Closed: whoever uses this has ended.
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
      LOG.warn("there is no way to the server: {}", e.getMessage());
      close(plain);
      close(from);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Piece> way = new LinkedBlockingQueue<>(PIECES);
    Thread.ofVirtual().name("slow-way-in").start(() -> read(from, way));
    Thread.ofVirtual().name("slow-way-out").start(() -> write(way, from, to));
  }

  private void read(Socket from, BlockingQueue<Piece> way) {
    byte[] buffer = new byte[PIECE_BYTES];
    try (InputStream in = from.getInputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        way.put(new Piece(Bytes.copyOf(buffer, 0, count), System.nanoTime() + delay.toNanos()));
      }
    } catch (IOException e) {
      // The end of the other direction follows.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      way.offer(new Piece(Bytes.EMPTY, System.nanoTime()));
    }
  }

  private static void write(BlockingQueue<Piece> way, Socket from, Socket to) {
    try (from;
        to;
        OutputStream out = to.getOutputStream()) {
      for (Piece next = way.take(); !next.bytes().isEmpty(); next = way.take()) {
        Thread.sleep(Duration.ofNanos(Math.max(0, next.due() - System.nanoTime())));
        out.write(next.bytes().toArray());
      }
    } catch (IOException e) {
      // One end is gone, so the other one goes too.
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
