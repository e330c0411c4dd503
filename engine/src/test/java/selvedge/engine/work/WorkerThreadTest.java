package selvedge.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WorkerThreadTest {
  private final AtomicInteger steps = new AtomicInteger();
  private final Semaphore stepped = new Semaphore(0);
  private volatile Thread thread = Thread.currentThread();
  private volatile Runnable wake = () -> {};

  /** Leaves a park permit behind, as a step does that was unparked while it waited. */
  private final class Unparked implements Worker {
    @Override
    public void wakeBy(Runnable waker) {
      wake = waker;
    }

    @Override
    public Duration step() {
      thread = Thread.currentThread();
      steps.incrementAndGet();
      LockSupport.unpark(thread);
      stepped.release();
      return Duration.ofHours(1);
    }
  }

  private void awaitPause() throws InterruptedException {
    assertThat(stepped.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPauseIgnoresAParkPermitThatTheStepLeft() throws InterruptedException {
    try (WorkerThread worker = new WorkerThread("w", new Unparked(), _ -> {}).start()) {
      awaitPause();
      assertThat(worker.isRunning()).isTrue();
      assertThat(steps).hasValue(1);
    }
  }

  @Test
  void aPauseEndsWhenTheWorkerIsWoken() throws InterruptedException {
    try (WorkerThread worker = new WorkerThread("w", new Unparked(), _ -> {}).start()) {
      awaitPause();
      wake.run();
      awaitPause();
      assertThat(worker.isRunning()).isTrue();
      assertThat(steps).hasValue(2);
    }
  }
}
