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
import selvedge.model.Bytes;

/**
 * A way to a server on which every byte takes its time, as if the server were far away. Runs on
 * threads of its own until it is closed.
 */
final class SlowWay implements AutoCloseable {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int PIECES = 1024;

  private final ServerSocket near;
  private final InetSocketAddress target;
  private final Duration delay;

  /** Bytes on their way; none of them at the end. */
  private record Piece(Bytes bytes, long due) {}

  SlowWay(URI server, Duration delay) {
    this.target = new InetSocketAddress(server.getHost(), server.getPort());
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
        connect(near.accept());
      }
    } catch (IOException e) {
      // Closed: whoever uses this has ended.
      return;
    }
  }

  private void connect(Socket from) throws IOException {
    var to = new Socket();
    try {
      to.connect(target);
      to.setTcpNoDelay(true);
      from.setTcpNoDelay(true);
    } catch (IOException e) {
      from.close();
      return;
    }
    carry(from, to);
    carry(to, from);
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
