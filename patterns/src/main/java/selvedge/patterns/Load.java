package selvedge.patterns;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import selvedge.model.OverloadedException;

/**
 * A load of one key that is in flight: one thread runs it, and others wait for the same result.
 * Safe for use by many threads.
 *
 * @param <T> the type of the result
 */
final class Load<T> {
  private final Thread owner = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable T result;
  private volatile @Nullable Throwable failure;
  private volatile boolean invalidated;

  /** The key was invalidated: what is being loaded may be older and must not be stored. */
  void invalidate() {
    invalidated = true;
  }

  boolean isInvalidated() {
    return invalidated;
  }

  void succeed(T value) {
    result = value;
    done.countDown();
  }

  void fail(Throwable thrown) {
    failure = thrown;
    done.countDown();
  }

  T await(String key) {
    if (owner.equals(Thread.currentThread())) {
      throw new IllegalStateException("the loader of \"" + key + "\" must not get the same key");
    }
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while waiting for the load of \"" + key + "\"");
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
    T value = result;
    if (value == null) {
      throw new OverloadedException("the load of \"" + key + "\" ended without a result");
    }
    return value;
  }
}
