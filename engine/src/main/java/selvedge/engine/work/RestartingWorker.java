package selvedge.engine.work;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Steps another worker, and steps it again after a failure: the more failures in a row, the later.
 *
 * <p>Stepped by one thread. The worker must be in a state to go on from after a step that throws.
 */
public final class RestartingWorker implements Worker {
  private static final Duration WAIT_FIRST = Duration.ofSeconds(1);
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  /** So many steps without a failure end a row of failures: one success may be a mere connect. */
  private static final int STEPS_WITHOUT_FAILURE = 16;

  private final Worker worker;
  private final Consumer<Throwable> failed;
  private Duration wait = WAIT_FIRST;
  private int sound;

  /**
   * @param failed is called with each failure, on the thread that steps this
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
  public void wakeBy(Runnable wake) {
    worker.wakeBy(wake);
  }
}
