package selvedge.embedded;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import selvedge.model.ClosedException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;

/**
 * Whether a store is open, and who may write to it. Safe for use by many threads.
 *
 * <p>Each call to the store queues one write at most, so as many callers as the queue has places
 * never fill it; others wait for their turn.
 */
final class Openness {
  /** Places in the queue that are left to upkeep. */
  private static final int UPKEEP = 16;

  private final Semaphore places;
  private final Duration patience;
  private volatile boolean closed;

  /**
   * @param queued how many writes the queue takes
   * @param patience how long a write waits for its turn
   */
  Openness(int queued, Duration patience) {
    this.places = new Semaphore(Math.max(1, queued - UPKEEP), true);
    this.patience = patience;
  }

  /** Returns that of a store whose writes go elsewhere and take no place in its queue. */
  static Openness ofReader(Duration patience) {
    return new Openness(Integer.MAX_VALUE, patience);
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

  /** Runs a call; one that the end of the store breaks off has been closed, not overloaded. */
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

  /** Runs a write when there is room for it in the queue. */
  <T> T write(Supplier<T> write) {
    require();
    try {
      if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new OverloadedException("the queue of writes was full for " + patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while the write waited for room in the queue");
    }
    try {
      return call(write);
    } finally {
      places.release();
    }
  }
}
