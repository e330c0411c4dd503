package selvedge.engine.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.engine.work.Threads;
import selvedge.engine.work.Worker;

final class SyncThreadTest {
  private final AtomicInteger refusals = new AtomicInteger(1);

  /** What a limit of pids does to a process that has as many threads as it may have. */
  private Threads.Running start(String name, Worker worker) {
    if (refusals.getAndDecrement() > 0) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    return Threads.PLATFORM.start(name, worker);
  }

  @Test
  void aThreadThatCannotBeStartedIsTriedAgainWithTheNextTask() {
    AtomicInteger done = new AtomicInteger();
    try (var aside = new SyncThread("test", this::start)) {
      assertThat(aside.tryBegin(done::incrementAndGet)).isNull();

      SyncThread.Task task = aside.begin(done::incrementAndGet);
      task.await();
    }
    assertThat(done).hasValue(1);
  }
}
