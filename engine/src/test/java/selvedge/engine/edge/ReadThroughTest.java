package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import selvedge.engine.cache.HeldEntries;
import selvedge.engine.namespace.StalenessBounds;
import selvedge.engine.replication.Source;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Name;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.ReadOptions;
import selvedge.model.StaleException;
import selvedge.model.Version;

final class ReadThroughTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("1".repeat(32));
  private static final Limits LIMITS = Limits.of(Profile.OPEN);

  private final FakeSource origin = new FakeSource();
  private final AtomicLong ticks = new AtomicLong();
  private final Freshness freshness = new Freshness(ticks::get);
  private final HeldEntries held = new HeldEntries(LIMITS, Version.NONE, 0);
  private final MemoryStore store = new MemoryStore(1);
  private final BoundedReads admission =
      new BoundedReads(store, freshness, new StalenessBounds(store));
  private final ReadThrough reads =
      new ReadThrough(held, origin, admission, store, ticks::get, LIMITS);

  /** Brings the store of the edge up to a version. */
  private void follow(Version version) {
    Mutation delete = new Mutation.Delete(Key.of("other"));
    store.commit(List.of(new Change(version, Instant.EPOCH, NAMESPACE, delete)));
  }

  private void pass(long seconds) {
    ticks.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private String get(String key, long cacheTtl) {
    return text(
        reads
            .get(
                NAMESPACE,
                List.of(Key.of(key)),
                ReadOptions.PLAIN.cacheTtl(Duration.ofSeconds(cacheTtl)))
            .getFirst());
  }

  private String get(String key) {
    return get(key, 60);
  }

  private static String text(Lookup lookup) {
    return lookup instanceof Lookup.Found found ? found.entry().value().bytes().utf8() : "missing";
  }

  @Test
  void readsTheOriginOnceAndUsesTheCopyForTheTimeThatTheReaderAllows() {
    origin.put("k", "one");
    assertThat(get("k")).isEqualTo("one");
    origin.put("k", "two");
    pass(40);
    assertThat(get("k")).isEqualTo("one");
    assertThat(get("k", 39)).isEqualTo("two");
    assertThat(origin.reads()).hasSize(2);
  }

  @Test
  void aReadNamesTheNewestChangeHereAndItsEpoch() {
    for (int i = 0; i < 3; i++) {
      origin.put("k", "v" + i);
    }
    follow(new Version(3));
    get("k");
    assertThat(origin.required()).containsExactly(new Source.Least(1, 0, new Version(3)));
  }

  @Test
  void aCopyIsUsedForAtLeastTheLeastTime() {
    origin.put("k", "one");
    get("k", 0);
    pass(30);
    assertThat(get("k", 0)).isEqualTo("one");
    assertThat(origin.reads()).hasSize(1);
    pass(1);
    get("k", 0);
    assertThat(origin.reads()).hasSize(2);
  }

  @Test
  void peeksAtNoValueThatIsTooLargeToBeHeld() {
    origin.put("small", "one");
    origin.put("large", "x".repeat(LIMITS.size(Limit.INLINE_BYTES) + 1));
    get("small");
    get("large");
    assertThat(reads.peek(new Name(NAMESPACE, Key.of("small")))).isPresent();
    assertThat(reads.peek(new Name(NAMESPACE, Key.of("large")))).isEmpty();
  }

  @Test
  void cachesTheAbsenceOfAnEntry() {
    assertThat(get("none")).isEqualTo("missing");
    assertThat(get("none")).isEqualTo("missing");
    assertThat(origin.reads()).hasSize(1);
  }

  @Test
  void aCopyThatTheFeedUpdatesIsAsFreshAsTheFeed() {
    origin.put("k", "one");
    get("k");
    pass(600);
    freshness.originHad(new Version(1), ticks.get(), new Version(1));
    assertThat(get("k")).isEqualTo("one");
    assertThat(origin.reads()).hasSize(1);
    pass(61);
    get("k");
    assertThat(origin.reads()).hasSize(2);
  }

  @Test
  void concurrentReadsOfAKeyShareOneRequest() throws Exception {
    origin.put("k", "one");
    CountDownLatch gate = origin.closeGate();
    List<FutureTask<String>> readers =
        Stream.generate(() -> new FutureTask<>(() -> get("k"))).limit(50).toList();
    List<Thread> threads = readers.stream().map(Thread.ofPlatform()::start).toList();
    while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    gate.countDown();
    for (FutureTask<String> reader : readers) {
      assertThat(reader.get()).isEqualTo("one");
    }
    assertThat(origin.reads()).hasSize(1);
  }

  @Test
  void aReaderRetriesWhenASharedRequestWasAnsweredWithATooOldVersion() throws Exception {
    origin.put("k", "one");
    CountDownLatch gate = origin.closeGate();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> early = threads.submit(() -> get("k"));
      while (origin.reads().isEmpty()) {
        Thread.onSpinWait();
      }
      origin.put("k", "two");
      follow(new Version(2));
      Future<String> late = threads.submit(() -> get("k"));
      while (reads.misses() < 2) {
        Thread.onSpinWait();
      }
      gate.countDown();
      assertThat(early.get()).isEqualTo("one");
      assertThat(late.get()).isEqualTo("two");
    }
  }

  @Test
  void aReadNamesTheNewestOpening() {
    held.follow(5);
    get("k");
    assertThat(origin.required()).containsExactly(new Source.Least(1, 5, Version.NONE));
  }

  @Test
  void anAnswerOfAnotherOpeningIsNotHeldAndNotShared() throws Exception {
    held.follow(5);
    origin.put("k", "one");
    origin.open(6);
    CountDownLatch gate = origin.closeGate();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> early = threads.submit(() -> get("k"));
      while (origin.reads().isEmpty()) {
        Thread.onSpinWait();
      }
      origin.put("k", "two");
      origin.open(5);
      Future<String> late = threads.submit(() -> get("k"));
      while (reads.misses() < 2) {
        Thread.onSpinWait();
      }
      gate.countDown();
      assertThat(late.get()).isEqualTo("two");
      assertThat(early.get()).isEqualTo("two");
    }
    origin.put("k", "three");
    assertThat(get("k")).as("held").isEqualTo("two");
  }

  @Test
  void aReadOfManyKeysRequestsTheMissingOnesAtOnce() {
    origin.put("a", "1");
    origin.put("b", "2");
    get("a");
    List<Lookup> found =
        reads.get(NAMESPACE, List.of(Key.of("b"), Key.of("a"), Key.of("c")), ReadOptions.PLAIN);
    assertThat(found).map(ReadThroughTest::text).containsExactly("2", "1", "missing");
    assertThat(origin.reads()).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void aCopyThatIsReadNearTheEndOfItsTimeIsRefreshed() {
    origin.put("hot", "one");
    get("hot");
    origin.put("hot", "two");
    pass(44);
    get("hot");
    assertThat(reads.step()).isPositive();
    pass(2);
    assertThat(get("hot")).isEqualTo("one");
    reads.step();
    assertThat(get("hot")).isEqualTo("two");
    assertThat(origin.reads()).hasSize(2);
    pass(44);
    assertThat(get("hot")).isEqualTo("two");
    assertThat(origin.reads()).hasSize(2);
  }

  @Test
  void withoutItsOriginAReadUsesAnOldCopy() {
    origin.put("k", "one");
    get("k");
    origin.disconnect();
    pass(61);
    assertThat(get("k")).isEqualTo("one");
    assertThat(admission.staleAnswers()).isEqualTo(1);
    assertThatThrownBy(() -> get("other"))
        .isInstanceOf(StaleException.class)
        .hasMessageContaining("\"other\" is not held here")
        .hasMessageContaining("the origin is unreachable");
  }

  @Test
  void anOldCopyWithinTheBoundIsNotCountedAsStale() {
    origin.put("k", "one");
    get("k");
    origin.disconnect();
    pass(50);
    assertThat(get("k", 40)).isEqualTo("one");
    assertThat(admission.staleAnswers()).isZero();
  }

  @Test
  void anUnreachableOriginIsNotRequestedByEveryRead() {
    origin.put("k", "one");
    get("k");
    origin.disconnect();
    pass(61);
    for (int i = 0; i < 10; i++) {
      get("k");
    }
    assertThat(origin.reads()).hasSize(2);
    origin.reconnect();
    origin.put("k", "two");
    pass(2);
    assertThat(get("k")).isEqualTo("two");
  }

  @Test
  void peeksOnlyAtCopiesThatNeedNoRefresh() {
    origin.put("k", "one");
    var name = new Name(NAMESPACE, Key.of("k"));
    assertThat(reads.peek(name)).isEmpty();
    get("k");
    assertThat(reads.peek(name).map(ReadThroughTest::text)).contains("one");
    pass(23);
    assertThat(reads.peek(name)).isEmpty();
  }

  @Test
  void aChangeOfTheFeedIsReadAtOnce() {
    origin.put("k", "one");
    get("k");
    held.apply(
        List.of(
            new Change(
                new Version(2),
                Instant.EPOCH,
                NAMESPACE,
                new Mutation.Put(Key.of("k"), Bytes.utf8("two"), Metadata.NONE, Expiry.NEVER))));
    assertThat(get("k")).isEqualTo("two");
    assertThat(origin.reads()).hasSize(1);
  }
}
