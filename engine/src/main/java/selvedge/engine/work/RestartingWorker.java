package selvedge.engine.work;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Steps another worker and continues after a failure, with an exponential wait. Belongs to one
 * thread.
 *
 * <p>The worker must be able to continue after a step that throws.
 */
public final class RestartingWorker implements Worker {
  private static final Duration WAIT_FIRST = Duration.ofSeconds(1);
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  /** Resets the wait only after this many successful steps, because one may be a mere connect. */
  private static final int STEPS_WITHOUT_FAILURE = 16;

  private final Worker worker;
  private final Consumer<Throwable> failed;
  private Duration wait = WAIT_FIRST;
  private int sound;

  /**
   * @param failed receives each failure, on the thread that steps this
   */
  public RestartingWorker(Worker worker, Consumer<Throwable> failed) {
    this.worker = worker;
    this.failed = failed;
  }

  @Override
  public Duration step() {
    try {
      Duration next = worker.step();
      if (++sound >= STEPS_WITHOUT_FAILURE) {
        wait = WAIT_FIRST;
      }
      return next;
    } catch (RuntimeException | Error e) {
      sound = 0;
      Duration now = wait;
      Duration twice = wait.multipliedBy(2);
      wait = twice.compareTo(WAIT_MAX) < 0 ? twice : WAIT_MAX;
      failed.accept(e);
      return now;
    }
  }

  @Override
  public void wakeBy(Runnable waker) {
    worker.wakeBy(waker);
  }
}
