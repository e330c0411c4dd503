package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceNotFoundException;

@Timeout(30)
final class CoalescingReaderTest {
  private final Fixture at = new Fixture();
  private final SlowNamespace slow = new SlowNamespace(at.namespace);
  private final CoalescingReader reader = new CoalescingReader(slow);

  private static String text(Lookup lookup) {
    return lookup instanceof Lookup.Found found ? found.entry().value().bytes().utf8() : "missing";
  }

  @Test
  void aSingleGetDoesNotWait() {
    at.namespace.put("k", "v");
    slow.open();
    assertThat(text(reader.get(Key.of("k")))).isEqualTo("v");
    assertThat(text(reader.get(Key.of("none")))).isEqualTo("missing");
    assertThat(slow.asked()).containsExactly(1, 1);
  }

  @Test
  void combinesConcurrentGetsAndReadsEachKeyOnce() throws Exception {
    for (int i = 0; i < 10; i++) {
      at.namespace.put("k" + i, "v" + i);
    }
    var number = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Lookup> first = threads.submit(() -> reader.get(Key.of("k0")));
      while (slow.asked().isEmpty()) {
        Thread.onSpinWait();
      }
      List<Future<String>> rest = new ArrayList<>();
      var started = new AtomicInteger();
      for (int i = 0; i < 50; i++) {
        rest.add(
            threads.submit(
                () -> {
                  int key = number.getAndIncrement() % 10;
                  started.incrementAndGet();
                  return text(reader.get(Key.of("k" + key)));
                }));
      }
      while (started.get() < 50) {
        Thread.onSpinWait();
      }
      slow.open();
      assertThat(text(first.get())).isEqualTo("v0");
      for (Future<String> each : rest) {
        assertThat(each.get()).startsWith("v");
      }
    }
    assertThat(slow.asked().stream().mapToInt(Integer::intValue).sum()).isLessThan(35);
  }

  @Test
  void aFailureReachesAllWaitingGetsAndTheNextGetReadsAgain() {
    slow.open();
    at.origin.delete(at.id);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> reader.get(Key.of("k")))
          .isInstanceOf(NamespaceNotFoundException.class);
    }
  }

  /** Starts a get, and returns once it waits inside of the reader. */
  private FutureTask<String> waiting(String key) {
    Callable<String> get = () -> text(reader.get(Key.of(key)));
    FutureTask<String> task = new FutureTask<>(get);
    Thread thread = Thread.ofPlatform().daemon().start(task);
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return task;
  }

  @Test
  void aGetReturnsAsSoonAsItsOwnKeyIsRead() throws Exception {
    at.namespace.put("first", "1");
    at.namespace.put("second", "2");
    FutureTask<String> first = waiting("first");
    FutureTask<String> second = waiting("second");
    slow.openOnce();
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("1");
    assertThat(second.isDone()).isFalse();
    slow.open();
    assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("2");
  }

  @Test
  void aKeyThatIsRefusedDoesNotFailTheGetsThatAreReadWithIt() throws Exception {
    at.namespace.put("good", "1");
    FutureTask<String> first = waiting("first");
    FutureTask<String> good = waiting("good");
    FutureTask<String> refused = waiting("refused");
    slow.open();
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("missing");
    assertThat(good.get(20, TimeUnit.SECONDS)).isEqualTo("1");
    assertThatThrownBy(() -> refused.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InvalidRequestException.class);
  }

  @Test
  void anErrorOfTheNamespaceIsThrownAndTheNextGetIsMade() {
    slow.open();
    slow.failNext(new StackOverflowError("too deep"));
    assertThatThrownBy(() -> reader.get(Key.of("k"))).isInstanceOf(StackOverflowError.class);
    assertThat(text(reader.get(Key.of("k")))).isEqualTo("missing");
  }
}
