package selvedge.engine.store.journal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;

/** Waits for the disk beside the writer, who goes on meanwhile: for one thing at a time. */
public final class SyncThread implements Worker, AutoCloseable {
  private static final Duration UNTIL_WOKEN = Duration.ofDays(1);

  private final WorkerThread thread;
  private final Consumer<WorkerThread> starter;
  private boolean started;
  private volatile @Nullable Task next;
  private volatile Runnable wake = () -> {};

  /**
   * @param thread what its thread is called
   */
  public SyncThread(String thread) {
    this(thread, WorkerThread::start);
  }

  /**
   * @param starter starts the thread, or throws what starting one throws
   */
  public SyncThread(String thread, Consumer<WorkerThread> starter) {
    this.starter = starter;
    this.thread = new WorkerThread(thread, this, _ -> {});
  }

  /** Something to do, and whoever waits for it. */
  public static final class Task {
    private final Runnable work;
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable RuntimeException failure;
    private @Nullable Error error;

    private Task(Runnable work) {
      this.work = work;
    }

    private void run() {
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

    boolean isDone() {
      return done.getCount() == 0;
    }

    /**
     * Returns once it is done, or throws what it has thrown; an interrupt waits with the caller.
     */
    public void await() {
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
   * Belongs to the writer, who waits for one task before it begins another.
   *
   * @throws OutOfMemoryError if no thread can be started; the task is not begun then
   */
  Task begin(Runnable work) {
    if (!started) {
      starter.accept(thread);
      started = true;
    }
    var task = new Task(work);
    next = task;
    wake.run();
    return task;
  }

  /** Likewise, but returns null where no thread can be started: then the writer does the work. */
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
    thread.close();
  }
}
