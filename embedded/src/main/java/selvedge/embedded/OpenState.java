package selvedge.embedded;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import selvedge.model.ClosedException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;

/**
 * Whether a store is open, and a limit of its concurrent writes. Safe for use by many threads.
 *
 * <p>A call queues at most one write. So the queue cannot be full while there are no more calls
 * than its size; further calls wait.
 */
final class OpenState {
  /** Places in the queue that are reserved for upkeep. */
  private static final int UPKEEP = 16;

  private final Limits limits;
  private final Semaphore places;
  private final Duration patience;
  private volatile boolean closed;

  private OpenState(Limits limits, int places, Duration patience) {
    this.limits = limits;
    this.places = new Semaphore(places, true);
    this.patience = patience;
  }

  /**
   * Returns the state of an origin.
   *
   * @param limits the size of the queue of writes, and the shortest time to live
   * @param patience the longest wait for a place in the queue
   */
  static OpenState ofOrigin(Limits limits, Duration patience) {
    return new OpenState(limits, Math.max(1, limits.size(Limit.QUEUE_WRITES) - UPKEEP), patience);
  }

  /** Returns the state of an edge, whose writes take no place in a queue of this process. */
  static OpenState ofEdge(Limits limits, Duration patience) {
    return new OpenState(limits, Integer.MAX_VALUE, patience);
  }

  Limits limits() {
    return limits;
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  void require() {
    if (closed) {
      throw closed();
    }
  }

  private static ClosedException closed() {
    return new ClosedException("this store has been closed");
  }

  /** Runs a call. If it fails because the store was closed, throws {@link ClosedException}. */
  <T> T call(Supplier<T> call) {
    require();
    try {
      return call.get();
    } catch (SelvedgeException | IllegalStateException e) {
      if (closed) {
        throw closed();
      }
      throw e;
    }
  }

  /** Waits for a place in the queue and runs a write. */
  <T> T write(Supplier<T> write) {
    require();
    try {
      if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new OverloadedException("the queue of writes has been full for " + patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while the write waited for a place in the queue");
    }
    try {
      return call(write);
    } finally {
      places.release();
    }
  }
}
