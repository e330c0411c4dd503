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
import java.util.function.Supplier;
import selvedge.model.Bytes;

/**
 * A TCP proxy that simulates a network: it can delay, cut and drop traffic.
 *
 * <p>Safe for use by many threads.
 */
public final class Relay implements AutoCloseable {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int PIECES = 256;

  private final ServerSocket server;
  private final Supplier<InetSocketAddress> target;
  private volatile Duration delay;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition resumed = lock.newCondition();
  private boolean forwardSilent;
  private boolean backwardSilent;
  private volatile long nanosPerByte;
  private volatile long bytesMost = Long.MAX_VALUE;
  private volatile boolean cut;

  /** Bytes and the time at which they are forwarded. Empty bytes mark the end. */
  private record Piece(Bytes bytes, long due) {}

  private Relay(ServerSocket server, Supplier<InetSocketAddress> target, Duration delay) {
    this.server = server;
    this.target = target;
    this.delay = delay;
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  /**
   * Starts a proxy to the address of a server, which may start later.
   *
   * @param delay the delay of each byte in each direction
   */
  public static Relay to(InetSocketAddress target, Duration delay) {
    return to(() -> target, delay);
  }

  /** Starts a proxy that connects each new connection to the target of that moment. */
  static Relay to(Supplier<InetSocketAddress> target, Duration delay) {
    try {
      return new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, delay);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a proxy at an address. */
  public static Relay at(InetSocketAddress address, InetSocketAddress target) {
    try {
      var server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(address);
      return new Relay(server, () -> target, Duration.ZERO);
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot listen at " + address, e);
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
      // The proxy was closed.
      return;
    }
  }

  private void connect(Socket near) throws IOException {
    var far = new Socket();
    try {
      far.connect(target.get());
    } catch (IOException e) {
      near.close();
      return;
    }
    near.setTcpNoDelay(true);
    far.setTcpNoDelay(true);
    sockets.add(near);
    sockets.add(far);
    pump(near, far, true);
    pump(far, near, false);
  }

  private void pump(Socket from, Socket to, boolean forward) {
    var queue = new LinkedBlockingQueue<Piece>(PIECES);
    Thread.ofVirtual().name("relay-in").start(() -> in(from, queue));
    Thread.ofVirtual().name("relay-out").start(() -> out(queue, from, to, forward));
  }

  private void in(Socket from, LinkedBlockingQueue<Piece> queue) {
    byte[] buffer = new byte[PIECE_BYTES];
    try (InputStream stream = from.getInputStream()) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        queue.put(new Piece(Bytes.copyOf(buffer, 0, count), System.nanoTime() + delay.toNanos()));
      }
    } catch (IOException e) {
      // The other direction ends next, when its socket is closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.offer(new Piece(Bytes.EMPTY, System.nanoTime() + delay.toNanos()));
    }
  }

  private void out(LinkedBlockingQueue<Piece> queue, Socket from, Socket to, boolean forward) {
    long left = bytesMost;
    try (OutputStream stream = to.getOutputStream()) {
      for (Piece next = queue.take(); next.bytes().size() > 0; next = queue.take()) {
        Thread.sleep(Duration.ofNanos(Math.max(0, next.due() - System.nanoTime())));
        awaitResumed(forward);
        Thread.sleep(Duration.ofNanos(nanosPerByte * next.bytes().size()));
        stream.write(next.bytes().toArray());
        left -= next.bytes().size();
        if (left <= 0) {
          return;
        }
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

  private void awaitResumed(boolean forward) throws InterruptedException {
    lock.lock();
    try {
      while (forward ? forwardSilent : backwardSilent) {
        resumed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Limits the bytes per second in each direction of each connection. */
  public void throttle(long bytesPerSecond) {
    nanosPerByte = Duration.ofSeconds(1).toNanos() / bytesPerSecond;
  }

  /** Makes each new connection break after about that many bytes in one direction. */
  public void breakAfter(long bytes) {
    bytesMost = bytes;
  }

  /** Sets the delay of each byte in each direction from now on. */
  public void delay(Duration each) {
    delay = each;
  }

  /** Drops all traffic without closing connections, like an unplugged cable. */
  public void dropTraffic() {
    drop(true, true);
  }

  /** Drops what clients send, and not what the target sends. */
  public void dropForward() {
    drop(true, false);
  }

  /** Drops what the target sends, and not what clients send. */
  public void dropBackward() {
    drop(false, true);
  }

  public void resume() {
    lock.lock();
    try {
      forwardSilent = false;
      backwardSilent = false;
      resumed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void drop(boolean forward, boolean backward) {
    lock.lock();
    try {
      forwardSilent |= forward;
      backwardSilent |= backward;
    } finally {
      lock.unlock();
    }
  }

  /** Closes all connections and refuses new ones until {@link #restore}. */
  public void cut() {
    cut = true;
    disconnect();
  }

  /** Closes all connections; new ones are accepted. */
  void disconnect() {
    sockets.forEach(Relay::close);
    sockets.clear();
  }

  public void restore() {
    cut = false;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The socket is not used any more.
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
