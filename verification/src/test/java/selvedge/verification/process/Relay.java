package selvedge.verification.process;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import selvedge.model.Bytes;

/**
 * A stretch of network between two processes: it delays, cuts, and falls silent.
 *
 * <p>Safe for use by many threads.
 */
public final class Relay implements AutoCloseable {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int PIECES = 256;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Duration delay;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition resumed = lock.newCondition();
  private boolean silent;
  private volatile long nanosPerByte;
  private volatile boolean cut;

  /** Bytes on their way; none of them at its end. */
  private record Piece(Bytes bytes, long due) {}

  private Relay(ServerSocket server, InetSocketAddress target, Duration delay) {
    this.server = server;
    this.target = target;
    this.delay = delay;
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  /**
   * A way to a server, or to where it will be.
   *
   * @param delay of each byte in each direction
   */
  public static Relay to(InetSocketAddress target, Duration delay) {
    try {
      return new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, delay);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        if (cut) {
          near.close();
        } else {
          connect(near);
        }
      }
    } catch (IOException e) {
      // Closed, and with it everything that came through here.
      return;
    }
  }

  private void connect(Socket near) throws IOException {
    var far = new Socket();
    try {
      far.connect(target);
    } catch (IOException e) {
      near.close();
      return;
    }
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    sockets.add(near);
    sockets.add(far);
    pump(near, far);
    pump(far, near);
  }

  private void pump(Socket from, Socket to) {
    var way = new LinkedBlockingQueue<Piece>(PIECES);
    Thread.ofVirtual().name("relay-in").start(() -> in(from, way));
    Thread.ofVirtual().name("relay-out").start(() -> out(way, from, to));
  }

  private void in(Socket from, LinkedBlockingQueue<Piece> way) {
    byte[] buffer = new byte[PIECE_BYTES];
    try (InputStream stream = from.getInputStream()) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        way.put(new Piece(Bytes.copyOf(buffer, 0, count), System.nanoTime() + delay.toNanos()));
      }
    } catch (IOException e) {
      // The other direction hears of the end in its turn.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      way.offer(new Piece(Bytes.EMPTY, System.nanoTime() + delay.toNanos()));
    }
  }

  private void out(LinkedBlockingQueue<Piece> way, Socket from, Socket to) {
    try (OutputStream stream = to.getOutputStream()) {
      for (Piece next = way.take(); next.bytes().size() > 0; next = way.take()) {
        Thread.sleep(Duration.ofNanos(Math.max(0, next.due() - System.nanoTime())));
        awaitSound();
        Thread.sleep(Duration.ofNanos(nanosPerByte * next.bytes().size()));
        stream.write(next.bytes().toArray());
      }
    } catch (IOException e) {
      close(from);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close(from);
      close(to);
    }
  }

  private void awaitSound() throws InterruptedException {
    lock.lock();
    try {
      while (silent) {
        resumed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets only so many bytes through in a second, in each direction of each connection. */
  public void throttle(long bytesPerSecond) {
    nanosPerByte = Duration.ofSeconds(1).toNanos() / bytesPerSecond;
  }

  /** Lets nothing through and tells nobody, as a network does whose cable is out. */
  public void fallSilent() {
    lock.lock();
    try {
      silent = true;
    } finally {
      lock.unlock();
    }
  }

  public void resume() {
    lock.lock();
    try {
      silent = false;
      resumed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Breaks every connection, and refuses new ones until {@link #mend}. */
  public void cut() {
    cut = true;
    sockets.forEach(Relay::close);
    sockets.clear();
  }

  public void mend() {
    cut = false;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more.
      return;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
    resume();
  }
}
