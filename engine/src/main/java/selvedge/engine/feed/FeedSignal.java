package selvedge.engine.feed;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import selvedge.model.Version;

/** Wakes threads that wait for new changes of the feed. Safe for use by many threads. */
public final class FeedSignal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private final FeedReaders readers = new FeedReaders();
  private Version newest;
  private boolean ended;

  public FeedSignal(Version newest) {
    this.newest = newest;
  }

  /** Returns the servers that read the feed. */
  public FeedReaders readers() {
    return readers;
  }

  /** Announces changes up to a version and wakes the waiting threads. */
  public void raise(Version version) {
    lock.lock();
    try {
      newest = version;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the newest announced version. */
  public Version newest() {
    lock.lock();
    try {
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all waiting threads. Later calls of {@link #await} return at once. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether {@link #end} was called. */
  public boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a change after the version, for the end, or until the time has passed.
   *
   * @return the rest of the time
   */
  public Duration await(Version after, Duration most) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.NANOSECONDS.convert(most);
      while (left > 0 && !ended && newest.compareTo(after) <= 0) {
        left = raised.awaitNanos(left);
      }
      return Duration.ofNanos(Math.max(0, left));
    } finally {
      lock.unlock();
    }
  }
}
