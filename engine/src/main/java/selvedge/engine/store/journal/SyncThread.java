package selvedge.engine.store.journal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import selvedge.engine.work.Threads;
import selvedge.engine.work.Worker;

/**
 * Runs one task at a time while the writer goes on, such as a sync. Its thread starts with the
 * first task.
 *
 * <p>Confined to the writer, except for {@link #step}, which the thread calls.
 */
public final class SyncThread implements Worker, AutoCloseable {
  private static final Duration UNTIL_WOKEN = Duration.ofDays(1);

  private final String name;
  private final Threads threads;
  private Threads.@Nullable Running running;
  private volatile @Nullable Task next;
  private volatile Runnable wake = () -> {};

  /**
   * @param name of the thread
   */
  public SyncThread(String name, Threads threads) {
    this.name = name;
    this.threads = threads;
  }

  /** A piece of work and its result. Safe for use by many threads. */
  public static final class Task {
    private final Runnable work;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable RuntimeException failure;
    private @Nullable Error error;

    private Task(Runnable work) {
      this.work = work;
    }

    /** Does the work, unless another thread has taken it. */
    private void run() {
      if (!taken.compareAndSet(false, true)) {
        return;
      }
      try {
        work.run();
      } catch (RuntimeException e) {
        failure = e;
      } catch (Error e) {
        error = e;
      } finally {
        done.countDown();
      }
    }

    /** Returns whether the work is done, or has failed. */
    public boolean isDone() {
      return done.getCount() == 0;
    }

    /**
     * Returns once the work is done, or throws the exception that it has thrown. The caller does
     * the work itself if the thread has not begun. The caller's interrupt flag is kept.
     */
    public void await() {
      run();
      boolean interrupted = false;
      while (done.getCount() > 0) {
        try {
          done.await();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (error != null) {
        throw error;
      }
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * Begins a task. The caller must await it before it begins another one.
   *
   * @throws OutOfMemoryError if no thread can be started; the task is not begun then
   */
  Task begin(Runnable work) {
    if (running == null) {
      running = threads.start(name, this);
    }
    var task = new Task(work);
    next = task;
    wake.run();
    return task;
  }

  /** Begins a task, or returns null if no thread can be started: the caller must do the work. */
  public @Nullable Task tryBegin(Runnable work) {
    try {
      return begin(work);
    } catch (OutOfMemoryError _) {
      return null;
    }
  }

  @Override
  public Duration step() {
    Task task = next;
    if (task == null) {
      return UNTIL_WOKEN;
    }
    next = null;
    task.run();
    return Duration.ZERO;
  }

  @Override
  public void wakeBy(Runnable given) {
    wake = given;
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
    }
  }
}
