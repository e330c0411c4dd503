package selvedge.engine.feed;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import selvedge.model.Version;

/** Wakes those who wait for the feed to go on. Safe for use by many threads. */
public final class FeedSignal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private Version newest;
  private boolean ended;

  public FeedSignal(Version newest) {
    this.newest = newest;
  }

  /** Tells that there are changes up to this version. */
  public void raise(Version version) {
    lock.lock();
    try {
      newest = version;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The newest version that was told. */
  public Version newest() {
    lock.lock();
    try {
      return newest;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes everybody for good: whoever waits from now on does not wait. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a change after the version, for the end, or for so long.
   *
   * @return what is left of the time
   */
  public Duration await(Version after, Duration most) throws InterruptedException {
    lock.lock();
    try {
      long left = most.toNanos();
      while (left > 0 && !ended && newest.compareTo(after) <= 0) {
        left = raised.awaitNanos(left);
      }
      return Duration.ofNanos(Math.max(0, left));
    } finally {
      lock.unlock();
    }
  }
}
