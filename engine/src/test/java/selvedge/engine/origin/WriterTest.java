package selvedge.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.engine.namespace.Batch;
import selvedge.engine.namespace.Completion;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.OverloadedException;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

final class WriterTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int BATCH_CHANGES = Limits.of(Profile.OPEN).size(Limit.BATCH_CHANGES);

  private final AtomicInteger woken = new AtomicInteger();
  private final List<String> done = new ArrayList<>();
  private final List<Integer> measured = new ArrayList<>();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final SlowStore store = new SlowStore();
  private final Writer writer =
      new Writer(
          store,
          Limits.of(Profile.OPEN),
          clock,
          meter(),
          changes -> done.add("committed " + changes.getLast().version()));

  WriterTest() {
    writer.wakeBy(woken::incrementAndGet);
  }

  private Meter meter() {
    return new Meter() {
      @Override
      public long ticks() {
        return 0;
      }

      @Override
      public void committed(int changes, long nanos) {
        measured.add(changes);
      }
    };
  }

  private Completion<String> completion(boolean mayWait) {
    return new Completion<>() {
      @Override
      public void completed(String result) {
        done.add(result);
      }

      @Override
      public void failed(RuntimeException failure) {
        done.add(String.valueOf(failure.getMessage()));
      }

      @Override
      public boolean mayWait() {
        return mayWait;
      }
    };
  }

  @Test
  void aCallerThatMayNotWaitLeavesTheJobToTheWorker() {
    writer.submit(_ -> "one", completion(false));
    assertThat(done).isEmpty();
    assertThat(woken).hasValue(1);

    writer.step();
    assertThat(done).containsExactly("one");
  }

  @Test
  void aCallerThatMayWaitWritesTheQueueAndDoesNotWakeTheWorker() {
    writer.submit(_ -> "one", completion(false));
    writer.submit(_ -> "two", completion(true));

    assertThat(done).containsExactly("one", "two");
    assertThat(woken).hasValue(1);
  }

  @Test
  void aCallerThatMayWaitDoesNotWaitForAnotherWriter() {
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

  @Test
  void aJobIsDecidedAtATimeAfterItWasQueued() {
    writer.submit(
        _ -> {
          clock.advance(Duration.ofSeconds(1));
          writer.submit(batch -> batch.now().toString(), completion(false));
          return "one";
        },
        completion(true));

    assertThat(done).containsExactly("one", "2026-01-01T00:00:01Z");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts the key, and says what was there before. */
  private static String put(Batch batch) {
    String before =
        batch.find(NAMESPACE, Key.of("key")).map(entry -> entry.version().toString()).orElse("-");
    var put = new Mutation.Put(Key.of("key"), Bytes.EMPTY, Metadata.NONE, Expiry.NEVER);
    return batch.add(NAMESPACE, put) + " after " + before;
  }

  /** One batch is on disk, and another job has come meanwhile. */
  private void writeOneOfTwo() {
    writeOneAndThen(() -> queue(1));
  }

  private void writeOneAndThen(Runnable meanwhile) {
    store.meanwhile = meanwhile;
    writer.submit(WriterTest::put, completion(false));
    writer.step();
    store.meanwhile = () -> {};
  }

  @Test
  void makesABatchVisibleWhileTheNextOneIsSynced() {
    writeOneOfTwo();
    assertThat(store.steps).containsExactly("begin 1", "await 1");
    assertThat(done).isEmpty();

    writer.step();
    assertThat(store.steps.subList(2, store.steps.size()))
        .containsExactly("begin 2", "startSync 2", "finish 1", "await 2", "finish 2");
    assertThat(done).containsExactly("committed 1", "1 after -", "committed 2", "2 after 1");
  }

  @Test
  void makesASealedBatchVisibleBeforeTheNextOneIsDecided() {
    store.meanwhile = () -> writer.submit(_ -> "next", completion(false));
    writer.submit(
        batch -> {
          batch.seal();
          return put(batch);
        },
        completion(false));

    writer.step();
    assertThat(done).containsExactly("committed 1", "1 after -");
  }

  @Test
  void aBatchThatCannotBecomeVisibleFailsTheNextOne() {
    writeOneOfTwo();
    store.fullFrom = 0;

    writer.step();
    assertThat(done).containsExactly("full", "full");
    assertThat(store.latest()).isEqualTo(Version.NONE);

    store.fullFrom = Long.MAX_VALUE;
    writer.submit(WriterTest::put, completion(false));
    writer.step();
    assertThat(done.subList(2, done.size())).containsExactly("committed 3", "3 after -");
  }

  @Test
  void batchesOfOneSyncBecomeVisibleOneByOne() {
    queue(40);

    writer.step();
    assertThat(store.steps)
        .containsExactly(
            "begin 16",
            "begin 32",
            "begin 40", //
            "await 16",
            "await 32",
            "await 40", //
            "finish 16",
            "finish 32",
            "finish 40");
    assertThat(done.subList(15, 19))
        .containsExactly("15 after 14", "16 after 15", "committed 32", "17 after 16");
    assertThat(done).hasSize(43);
  }

  private void queue(int puts) {
    for (int i = 0; i < puts; i++) {
      writer.submit(WriterTest::put, completion(false));
    }
  }

  @Test
  void aBatchThatCannotBecomeVisibleFailsAllLaterOnes() {
    queue(40);
    store.fullFrom = 32;

    writer.step();
    assertThat(store.latest()).isEqualTo(new Version(16));
    assertThat(done.subList(0, 17)).startsWith("committed 16").endsWith("16 after 15");
    assertThat(done.subList(17, 41)).containsOnly("full");
    assertThat(store.steps).endsWith("finish 32", "withdraw 40");
  }

  @Test
  void jobsOfABatchFailTogetherWhenItsSyncFails() {
    queue(40);
    store.lost = true;

    writer.step();
    assertThat(done).hasSize(40).containsOnly("lost");
    assertThat(store.steps).doesNotContain("finish 16", "finish 32", "finish 40");
  }

  @Test
  void noBatchIsDecidedOnTopOfOneWhoseSyncFailed() {
    store.lost = true;
    writeOneOfTwo();
    assertThat(done).containsExactly("lost");

    store.lost = false;
    writer.step();
    assertThat(done).containsExactly("lost", "committed 2", "2 after -");
  }

  @Test
  void anUnexpectedExceptionFailsAllPendingWrites() {
    writeOneOfTwo();
    writer.submit(
        _ -> {
          throw new StackOverflowError();
        },
        completion(false));

    assertThatThrownBy(writer::step).hasCauseInstanceOf(StackOverflowError.class);
    assertThat(done)
        .hasSize(3)
        .allMatch(said -> said.equals("the writer stopped after an unexpected exception"));
    assertThatThrownBy(() -> writer.submit(WriterTest::put, completion(false)))
        .isInstanceOf(OverloadedException.class);
  }

  @Test
  void theStepOfTheWorkerThrowsTheFailureOfACallersThread() {
    writer.submit(
        _ -> {
          throw new StackOverflowError();
        },
        completion(true));

    assertThat(done).containsExactly("the writer stopped after an unexpected exception");
    assertThat(woken).hasValue(1);
    assertThatThrownBy(writer::step).hasCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void anExceptionInOneCompletionDoesNotPreventTheOthers() {
    writer.submit(WriterTest::put, deaf());
    queue(1);
    store.meanwhile = () -> queue(1);
    writer.step();
    store.meanwhile = () -> {};
    assertThat(done).isEmpty();

    assertThatThrownBy(writer::step).hasRootCauseMessage("1 after -");
    assertThat(done)
        .containsExactly(
            "committed 2", "2 after 1", "committed 3", "3 after 2", "the writer has stopped");
  }

  private Completion<String> deaf() {
    return new Completion<>() {
      @Override
      public void completed(String result) {
        queue(1);
        throw new IllegalStateException(result);
      }

      @Override
      public void failed(RuntimeException failure) {
        done.add("committed again");
      }
    };
  }

  @Test
  void jobsWithoutChangesWaitForTheSyncOfEarlierBatches() {
    var decided = new AtomicInteger();
    writer.submit(WriterTest::put, completion(false));
    ask(decided, 3 * BATCH_CHANGES);
    store.meanwhile = () -> done.add("synced");

    writer.step();
    assertThat(decided.get()).isBetween(1, BATCH_CHANGES);
    while (decided.get() < 3 * BATCH_CHANGES) {
      writer.step();
    }
    assertThat(done.indexOf("synced")).isZero();
  }

  /** A job without a change that is followed by another one, so many times. */
  private void ask(AtomicInteger decided, int times) {
    writer.submit(
        _ -> {
          if (decided.incrementAndGet() < times) {
            ask(decided, times);
          }
          return "asked";
        },
        completion(false));
  }

  @Test
  void aSyncStartsBehindJobsWithoutChanges() {
    writeOneAndThen(
        () -> {
          for (int i = 0; i < 20; i++) {
            writer.submit(_ -> "asked", completion(false));
          }
          queue(1);
        });

    writer.step();
    assertThat(store.steps.subList(2, store.steps.size()))
        .containsExactly("begin 2", "startSync 2", "finish 1", "await 2", "finish 2");
  }

  @Test
  void aSyncIsMeasuredOnce() {
    queue(40);

    writer.step();
    assertThat(measured).containsExactly(40);
  }

  @Test
  void makesDurableBatchesVisibleBeforeItStops() {
    writeOneOfTwo();

    writer.close();
    assertThat(done).containsExactly("committed 1", "1 after -", "the writer has stopped");
  }

  /** Notes what it is asked to do, and lets something happen while it writes. */
  private static final class SlowStore implements ForwardingStore {
    private final MemoryStore memory = new MemoryStore(1);
    private final List<String> steps = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private long fullFrom = Long.MAX_VALUE;
    private boolean lost;

    @Override
    public Store delegate() {
      return memory;
    }

    @Override
    public Pending begin(List<Change> changes) {
      Version last = changes.getLast().version();
      steps.add("begin " + last);
      return new Pending() {
        @Override
        public void startSync() {
          steps.add("startSync " + last);
        }

        @Override
        public void await() {
          steps.add("await " + last);
          meanwhile.run();
          if (lost) {
            throw new StorageFullException("lost", new IllegalStateException());
          }
        }

        @Override
        public void finish() {
          steps.add("finish " + last);
          if (last.number() >= fullFrom) {
            throw new StorageFullException("full", new IllegalStateException());
          }
          memory.commit(changes);
        }

        @Override
        public void withdraw() {
          steps.add("withdraw " + last);
        }
      };
    }

    @Override
    public void commit(List<Change> changes) {
      begin(changes).complete();
    }
  }
}
