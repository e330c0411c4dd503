package selvedge.engine.work;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The platform thread that runs one worker.
 *
 * <p>A step that throws ends the thread: the failure is told, and the worker is not stepped again.
 */
public final class WorkerThread implements AutoCloseable {
  private final Worker worker;
  private final Consumer<Throwable> failed;
  private final Thread thread;
  private volatile boolean awake;
  private volatile boolean stopping;

  public WorkerThread(String name, Worker worker, Consumer<Throwable> failed) {
    this.worker = worker;
    this.failed = failed;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    worker.wakeBy(this::wake);
  }

  public WorkerThread start() {
    thread.start();
    return this;
  }

  public boolean isRunning() {
    return thread.isAlive();
  }

  private void run() {
    try {
      while (!stopping) {
        awake = false;
        Duration wait = worker.step();
        if (!wait.isZero()) {
          pause(wait.toNanos());
        }
      }
    } catch (RuntimeException | Error e) {
      failed.accept(e);
    }
  }

  /** A step that has waited for something may have left a permit behind, which ends one park. */
  private void pause(long nanos) {
    long start = System.nanoTime();
    for (long left = nanos;
        left > 0 && !awake && !stopping;
        left = nanos - (System.nanoTime() - start)) {
      LockSupport.parkNanos(this, left);
    }
  }

  private void wake() {
    if (!awake) {
      awake = true;
      LockSupport.unpark(thread);
    }
  }

  /** Lets the step at work end, then stops. */
  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(thread);
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
