package selvedge.engine.store.rocks;

import java.util.concurrent.locks.StampedLock;
import selvedge.model.StoreUnusableException;

/**
 * Protects a native handle from being closed during a call: each call holds a pass, and closing
 * waits until all passes are returned.
 *
 * <p>Safe for use by many threads; another thread may return a pass.
 */
final class HandleGuard {
  private static final String CLOSED = "the store is closed";

  private final StampedLock lock = new StampedLock();
  private volatile boolean closed;

  /** Returns a pass, which {@link #leave} takes back. */
  long enter() {
    long pass = lock.readLock();
    if (closed) {
      lock.unlockRead(pass);
      throw new StoreUnusableException(CLOSED);
    }
    return pass;
  }

  /** For work that takes a pass later, and must not use handles of a closed store before. */
  void requireOpen() {
    if (closed) {
      throw new StoreUnusableException(CLOSED);
    }
  }

  boolean isClosed() {
    return closed;
  }

  void leave(long pass) {
    lock.unlockRead(pass);
  }

  /** Refuses calls from now on, and returns after the last pass; false if already closed. */
  boolean close() {
    long pass = lock.writeLock();
    try {
      boolean first = !closed;
      closed = true;
      return first;
    } finally {
      lock.unlockWrite(pass);
    }
  }
}
