package selvedge.engine.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/** Counts against a scan of the store, after any changes. */
final class SummariesTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));
  private static final NamespaceId OTHER = new NamespaceId("22".repeat(16));

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicLong ticks = new AtomicLong();
  private final List<RocksStore> stores = new ArrayList<>();
  private final Path folder;
  private Limits limits = Limits.of(Profile.OPEN).with(Limit.INLINE_BYTES, 64);
  private RocksStore store;
  private Summaries summaries;

  SummariesTest(@TempDir Path folder) {
    this.folder = folder;
    this.store = open(MasterKeys.NONE);
    this.summaries = summaries();
  }

  private RocksStore open(MasterKeys keys) {
    RocksStore opened =
        RocksStore.open(
            folder.resolve("store-" + stores.size()), limits, clock, new Random(1), keys);
    stores.add(opened);
    return opened;
  }

  private Summaries summaries() {
    return new Summaries(new Summaries.Source(store::index, store), clock, ticks::get, limits, 4);
  }

  @AfterEach
  void close() {
    summaries.close();
    stores.forEach(RocksStore::close);
  }

  private void commit(NamespaceId namespace, List<Mutation> mutations) {
    List<Change> changes = new ArrayList<>();
    long version = store.latest().number();
    for (Mutation mutation : mutations) {
      changes.add(new Change(new Version(++version), clock.instant(), namespace, mutation));
    }
    store.commit(changes);
  }

  private void put(String... keys) {
    List<Mutation> mutations = new ArrayList<>();
    for (String key : keys) {
      mutations.add(put(key, Expiry.NEVER, 1));
    }
    commit(NAMESPACE, mutations);
  }

  private static Mutation put(String key, Expiry expiry, int bytes) {
    return new Mutation.Put(
        Key.of(key), Bytes.copyOf(new byte[bytes]), Metadata.json("{\"a\":1}"), expiry);
  }

  /** Steps until the namespace is counted, and counts are as of the newest version and moment. */
  private Summary summary(NamespaceId namespace) {
    for (int i = 0; i < 1_000_000; i++) {
      if (summaries.open(namespace) instanceof Summaries.Found.Ready(Summary summary)) {
        if (summary.version().equals(store.latest()) && summary.at().equals(clock.instant())) {
          return summary;
        }
        summary.close();
      }
      ticks.addAndGet(Duration.ofMillis(100).toNanos());
      summaries.step();
    }
    throw new AssertionError("no summary, seed " + seed);
  }

  private List<Listed> live(NamespaceId namespace, String prefix) {
    return store.list(namespace, Listing.prefix(prefix, 1_000_000)).entries().stream()
        .filter(listed -> !listed.expiry().hasPassed(clock.instant()))
        .toList();
  }

  private static Amount amount(List<Listed> entries) {
    Amount amount = Amount.NONE;
    for (Listed entry : entries) {
      amount = amount.plus(new Amount(1, entry.key().bytes().size() + entry.valueBytes()));
    }
    return amount;
  }

  private void check(NamespaceId namespace, String... prefixes) {
    try (Summary summary = summary(namespace)) {
      for (String prefix : prefixes) {
        List<Listed> entries = live(namespace, prefix);
        Bytes start = Bytes.utf8(prefix);
        assertThat(summary.below(start))
            .as("prefix %s, seed %d", prefix, seed)
            .isEqualTo(amount(entries));
        if (!entries.isEmpty()) {
          int position = random.nextInt(entries.size());
          List<Listed> page =
              summary.at(summary.before(start).keys() + position, Summary.endOf(start), 3);
          assertThat(page)
              .as("position %d of %s, seed %d", position, prefix, seed)
              .isEqualTo(entries.subList(position, Math.min(entries.size(), position + 3)));
        }
      }
    }
  }

  @Test
  void aFirstUseCountsAndTheNextOneHasTheCounts() {
    put("user:a", "user:b", "user", "v", "user:ä");

    assertThat(summaries.open(NAMESPACE)).isInstanceOf(Summaries.Found.Counting.class);
    check(NAMESPACE, "", "user", "user:", "user:b", "w");
    assertThat(summaries.peek(NAMESPACE)).contains(new Amount(5, 29));
    assertThat(summaries.peek(OTHER)).isEmpty();
  }

  @Test
  void countsFollowPutsDeletesClearsAndExpiries() {
    Instant start = clock.instant();
    commit(
        NAMESPACE,
        List.of(
            put("a", Expiry.NEVER, 3),
            put("b", Expiry.at(start.plusSeconds(5)), 4),
            put("c:1", Expiry.NEVER, 5),
            put("c:2", Expiry.NEVER, 6)));
    check(NAMESPACE, "", "c:");

    commit(
        NAMESPACE,
        List.of(
            put("a", Expiry.NEVER, 30),
            new Mutation.Delete(Key.of("missing")),
            new Mutation.Delete(Key.of("a")),
            put("c:3", Expiry.at(start.plusSeconds(7)), 7)));
    check(NAMESPACE, "", "c:");

    clock.advance(Duration.ofSeconds(5));
    check(NAMESPACE, "", "b");
    store.sweep(clock.instant(), 100);
    clock.advance(Duration.ofSeconds(2));
    store.sweep(clock.instant(), 100);
    check(NAMESPACE, "", "c:");

    commit(NAMESPACE, List.of(new Mutation.Clear(Bytes.utf8("c:")), put("c:9", Expiry.NEVER, 1)));
    check(NAMESPACE, "", "c:");
    commit(NAMESPACE, List.of(new Mutation.Clear(Bytes.EMPTY)));
    check(NAMESPACE, "");
  }

  @Test
  void aSummaryStaysAsItIsWhileTheStoreChanges() {
    put("a", "b");
    try (Summary before = summary(NAMESPACE)) {
      commit(NAMESPACE, List.of(new Mutation.Clear(Bytes.EMPTY), put("c", Expiry.NEVER, 1)));
      check(NAMESPACE, "");

      assertThat(before.below(Bytes.EMPTY).keys()).isEqualTo(2);
      assertThat(before.at(1, Summary.endOf(Bytes.EMPTY), 5).getFirst().key())
          .isEqualTo(Key.of("b"));
    }
  }

  @Test
  void countsDoNotReadAFeedThatWasTrimmed() {
    put("a", "b");
    check(NAMESPACE, "");
    put("c");
    clock.advance(Duration.ofDays(10));
    put("d");
    for (int i = 0; i < 100; i++) {
      store.trim(Duration.ofSeconds(1), 0, clock.instant());
    }

    check(NAMESPACE, "");
  }

  @Test
  void aNamespaceThatIsNotUsedIsForgotten() {
    put("a");
    check(NAMESPACE, "");

    ticks.addAndGet(Duration.ofMinutes(16).toNanos());
    summaries.step();

    assertThat(summaries.peek(NAMESPACE)).isEmpty();
    check(NAMESPACE, "");
  }

  @Test
  void countsOfAnEncryptedStoreAreTheSame() {
    summaries.close();
    store = open(MasterKeys.text(AesMasterKey.generate(), "the test"));
    summaries = summaries();
    put("a", "b:1");

    check(NAMESPACE, "", "b");
  }

  /** With few ranges they are divided, joined and made wider all the time. */
  @ParameterizedTest
  @ValueSource(ints = {16, 65_536})
  void countsAreThoseOfAScanAfterAnyChanges(int rangesMax) {
    limits = limits.with(Limit.SUMMARY_RANGES, rangesMax);
    summaries = summaries();
    int rounds = Integer.getInteger("rounds", 8);
    for (int round = 0; round < rounds; round++) {
      commit(random.nextInt(4) == 0 ? OTHER : NAMESPACE, mutations());
      clock.advance(Duration.ofMillis(random.nextInt(3000)));
      if (random.nextInt(3) == 0) {
        store.sweep(clock.instant(), random.nextInt(2000));
      }
      if (random.nextInt(2) == 0) {
        check(NAMESPACE, "", prefix(), prefix());
      }
      if (random.nextInt(4) == 0) {
        check(OTHER, "", prefix());
      }
    }
    check(NAMESPACE, "", prefix(), prefix());
  }

  private String prefix() {
    return Integer.toString(random.nextInt(100));
  }

  private List<Mutation> mutations() {
    List<Mutation> mutations = new ArrayList<>();
    int count = 1 + random.nextInt(random.nextInt(3) == 0 ? 4000 : 20);
    for (int i = 0; i < count; i++) {
      String key = Integer.toString(random.nextInt(20_000));
      switch (random.nextInt(10)) {
        case 0, 1 -> mutations.add(new Mutation.Delete(Key.of(key)));
        case 2, 3, 4 ->
            mutations.add(
                put(key, Expiry.at(clock.instant().plusMillis(1 + random.nextInt(9000))), 2));
        default -> mutations.add(put(key, Expiry.NEVER, random.nextInt(100)));
      }
    }
    if (random.nextInt(6) == 0) {
      mutations.add(random.nextInt(mutations.size()), new Mutation.Clear(Bytes.utf8(prefix())));
    }
    return mutations;
  }
}
