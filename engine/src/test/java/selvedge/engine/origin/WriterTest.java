package selvedge.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.engine.store.MemoryStore;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.SettableClock;

final class WriterTest {
  private final AtomicInteger woken = new AtomicInteger();
  private final List<String> done = new ArrayList<>();
  private final Writer writer =
      new Writer(
          new MemoryStore(1),
          Limits.of(Profile.OPEN),
          new SettableClock(Instant.parse("2026-01-01T00:00:00Z")),
          Meter.NONE,
          _ -> {});

  WriterTest() {
    writer.wakeBy(woken::incrementAndGet);
  }

  private Completion<String> completion(boolean mayWait) {
    return new Completion<>() {
      @Override
      public void completed(String result) {
        done.add(result);
      }

      @Override
      public void failed(RuntimeException failure) {
        throw failure;
      }

      @Override
      public boolean mayWait() {
        return mayWait;
      }
    };
  }

  @Test
  void whoMayNotWaitLeavesTheJobToTheWorker() {
    writer.submit(_ -> "one", completion(false));
    assertThat(done).isEmpty();
    assertThat(woken).hasValue(1);

    writer.step();
    assertThat(done).containsExactly("one");
  }

  @Test
  void whoMayWaitWritesWhatIsQueuedAndWakesNobody() {
    writer.submit(_ -> "one", completion(false));
    writer.submit(_ -> "two", completion(true));

    assertThat(done).containsExactly("one", "two");
    assertThat(woken).hasValue(1);
  }

  @Test
  void whoMayWaitDoesNotWaitForAnotherThatWrites() {
    writer.submit(
        _ -> {
          Thread other =
              Thread.ofPlatform().start(() -> writer.submit(_ -> "two", completion(true)));
          join(other);
          return "one";
        },
        completion(true));

    assertThat(done).containsExactly("one", "two");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
