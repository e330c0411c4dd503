package selvedge.engine.work;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The platform thread that runs one worker.
 *
 * <p>A step that throws ends the thread. The failure is reported, and the worker is not stepped
 * again.
 */
public final class WorkerThread implements Threads.Running {
  private final Worker worker;
  private final Consumer<Throwable> failed;
  private final Thread thread;
  private final Semaphore woken = new Semaphore(0);
  private volatile boolean stopping;

  /**
   * @param failed receives the exception that ended the thread
   */
  public WorkerThread(String name, Worker worker, Consumer<Throwable> failed) {
    this.worker = worker;
    this.failed = failed;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    worker.wakeBy(this::wake);
  }

  /** Starts the thread and returns this. */
  public WorkerThread start() {
    thread.start();
    return this;
  }

  /** Returns whether the thread has not ended. */
  public boolean isRunning() {
    return thread.isAlive();
  }

  private void run() {
    try {
      while (!stopping) {
        woken.drainPermits();
        Duration wait = worker.step();
        if (!wait.isZero() && !stopping) {
          pause(wait.toNanos());
        }
      }
    } catch (RuntimeException | Error e) {
      failed.accept(e);
    }
  }

  /** Uses a semaphore instead of a park, because a step may leave the thread a park permit. */
  private void pause(long nanos) {
    try {
      boolean _ = woken.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Only a step can interrupt its thread. The pause is short then.
      return;
    }
  }

  private void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  /** Waits for the current step and stops the thread. */
  @Override
  public void close() {
    stopping = true;
    woken.release();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
