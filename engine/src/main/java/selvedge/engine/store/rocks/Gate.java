package selvedge.engine.store.rocks;

import java.util.concurrent.locks.StampedLock;
import selvedge.model.StoreUnusableException;

/**
 * Keeps the native handle from being closed under a call: a call passes the gate, and closing waits
 * until all that have passed are through.
 *
 * <p>Safe for use by many threads; a pass may be given back by another thread than took it.
 */
final class Gate {
  private final StampedLock lock = new StampedLock();
  private volatile boolean closed;

  /** Returns a pass to {@link #leave} with. */
  long enter() {
    long pass = lock.readLock();
    if (closed) {
      lock.unlockRead(pass);
      throw new StoreUnusableException("the store is closed");
    }
    return pass;
  }

  boolean isClosed() {
    return closed;
  }

  void leave(long pass) {
    lock.unlockRead(pass);
  }

  /** Lets nobody in from now on and returns when the last one is out; false if already closed. */
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
