package selvedge.engine.namespace;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A completion on which the thread that created it waits. */
public final class AwaitedCompletion<T> implements Completion<T> {
  private final Thread waiter = Thread.currentThread();
  private @Nullable T result;
  private @Nullable RuntimeException failure;
  private volatile boolean done;

  @Override
  public void completed(T jobResult) {
    result = jobResult;
    finish();
  }

  @Override
  public void failed(RuntimeException jobFailure) {
    failure = jobFailure;
    finish();
  }

  private void finish() {
    done = true;
    LockSupport.unpark(waiter);
  }

  @Override
  public boolean mayWait() {
    return true;
  }

  /**
   * Waits for the job and returns its result or throws its failure. An interrupt takes effect
   * afterwards, because a queued write cannot be taken back.
   */
  @SuppressWarnings("NullAway") // done without a failure means that there is a result
  public T await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
    return result;
  }
}
