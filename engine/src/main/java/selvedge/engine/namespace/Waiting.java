package selvedge.engine.namespace;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A completion that a thread waits for. */
public final class Waiting<T> implements Completion<T> {
  private final Thread waiter = Thread.currentThread();
  private @Nullable T result;
  private @Nullable RuntimeException failure;
  private volatile boolean done;

  @Override
  public void completed(T given) {
    result = given;
    finish();
  }

  @Override
  public void failed(RuntimeException given) {
    failure = given;
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

  /** A write cannot be taken back, so an interrupt waits with the caller. */
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
