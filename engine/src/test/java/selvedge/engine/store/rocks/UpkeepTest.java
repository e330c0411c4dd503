package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import selvedge.engine.store.Snapshot;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/** The upkeep of a store on disk: what it frees, and that each piece of it is bounded. */
final class UpkeepTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));
  private static final int ROWS = 16;

  private final Limits limits =
      Limits.of(Profile.OPEN)
          .with(Limit.INLINE_BYTES, 100)
          .with(Limit.CHUNK_BYTES, 4096)
          .with(Limit.UPKEEP_ROWS, ROWS);
  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Random random = new Random(7);
  private final Path parent;
  private final RocksStore store;

  UpkeepTest(@TempDir Path parent) {
    this.parent = parent;
    this.store = RocksStore.open(parent.resolve("store"), limits, clock, new Random(1));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void commit(Mutation... mutations) {
    commit(List.of(mutations));
  }

  private void commit(List<Mutation> mutations) {
    List<Change> changes = new ArrayList<>();
    long version = store.latest().number();
    for (Mutation mutation : mutations) {
      changes.add(new Change(new Version(++version), clock.instant(), NAMESPACE, mutation));
    }
    store.commit(changes);
  }

  private Mutation put(String key, Expiry expiry) {
    return new Mutation.Put(Key.of(key), Bytes.utf8("x"), Metadata.NONE, expiry);
  }

  private Expiry in(int seconds) {
    return Expiry.at(clock.instant().plusSeconds(seconds));
  }

  private Mutation large(String key, Expiry expiry) {
    byte[] value = new byte[9000];
    random.nextBytes(value);
    Value copied = Bytes.adopt(value);
    return new Mutation.Put(Key.of(key), copied, Metadata.NONE, expiry);
  }

  /** Moves the horizon of the feed beyond all changes so far. */
  private void forgetTheFeed() {
    for (int i = 0; i < 2; i++) {
      clock.advance(Duration.ofDays(2));
      commit(put("other", Expiry.NEVER));
      while (trim()) {}
    }
  }

  private boolean trim() {
    return store.trim(Duration.ofHours(1), Long.MAX_VALUE, clock.instant());
  }

  @Test
  void aSweepStepsOverDeletedRowsOnlyOnce() throws Exception {
    int keys = 5000;
    List<Mutation> puts = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      puts.add(put("session/" + i, in(60)));
    }
    commit(puts);
    clock.advance(Duration.ofMinutes(5));

    long skipped = deletedRowsSkippedBy(() -> store.sweep(clock.instant(), 100));

    assertThat(store.list(NAMESPACE, Listing.all(10)).entries()).isEmpty();
    assertThat(skipped).isLessThan(2L * keys);
  }

  /** RocksDB counts for each thread, whichever database the thread uses. */
  private long deletedRowsSkippedBy(BooleanSupplier piece) throws RocksDBException {
    try (RocksDB counter = RocksDB.open(parent.resolve("counter").toString())) {
      counter.setPerfLevel(PerfLevel.ENABLE_COUNT);
      counter.getPerfContext().reset();
      while (piece.getAsBoolean()) {}
      long skipped = counter.getPerfContext().getInternalDeleteSkippedCount();
      counter.setPerfLevel(PerfLevel.DISABLE);
      return skipped;
    }
  }

  @Test
  void anEntryHasOneRowHoweverOftenItIsWrittenWithAnExpiry() {
    for (int i = 1; i <= 50; i++) {
      commit(put("session", in(600 + i)));
    }
    long rewritten = store.expiryRows();
    commit(put("session", in(60)), put("session", in(70)));
    long together = store.expiryRows();
    commit(put("session", Expiry.NEVER));

    assertThat(rewritten).isEqualTo(2);
    assertThat(together).isEqualTo(2);
    assertThat(store.expiryRows()).isZero();
  }

  @Test
  void theOldestExpiryFollowsTheSweeps() {
    assertThat(store.oldestExpiry()).isEmpty();
    Instant first = clock.instant().plusSeconds(60);
    commit(put("session/1", in(60)), put("session/2", in(120)));
    assertThat(store.oldestExpiry()).hasValue(first);

    clock.advance(Duration.ofSeconds(200));
    assertThat(store.sweep(clock.instant(), 1)).isTrue();
    assertThat(store.oldestExpiry()).hasValue(first);
    while (store.sweep(clock.instant(), 1)) {}
    assertThat(store.oldestExpiry()).hasValue(clock.instant());

    commit(put("session/3", in(-5)));
    assertThat(store.oldestExpiry()).hasValue(clock.instant().minusSeconds(5));
  }

  @Test
  void garbageIsTheSizeOfReplacedValuesUntilTheyAreFreed() {
    commit(large("photo", Expiry.NEVER));
    assertThat(store.garbageBytes()).isZero();
    assertThat(store.feedBytes()).isGreaterThanOrEqualTo(0);

    commit(large("photo", Expiry.NEVER), new Mutation.Delete(Key.of("photo")));
    assertThat(store.garbageBytes()).isEqualTo(18_000);
    store.close();
    try (RocksStore again = RocksStore.open(parent.resolve("store"), limits, clock, random)) {
      assertThat(again.garbageBytes()).isEqualTo(18_000);
    }
  }

  @Test
  void freedGarbageIsNotCounted() {
    commit(large("photo", Expiry.NEVER));
    commit(new Mutation.Delete(Key.of("photo")));
    assertThat(store.garbageBytes()).isEqualTo(9000);

    forgetTheFeed();

    assertThat(store.garbageBytes()).isZero();
  }

  @Test
  void theFeedHasTheSizeOfItsChanges() {
    for (int i = 0; i < 50; i++) {
      commit(put("key", Expiry.NEVER));
      clock.advance(Duration.ofMinutes(1));
    }
    long whole = store.feedBytes();
    forgetTheFeed();

    assertThat(whole).isPositive();
    assertThat(store.feedBytes()).isLessThan(whole);
  }

  @Test
  void deletingAnEntryDeletesItsRow() {
    for (int i = 1; i <= 50; i++) {
      commit(put("lease", in(600 + i)));
      commit(new Mutation.Delete(Key.of("lease")));
    }

    assertThat(store.expiryRows()).isZero();
  }

  @Test
  void sweepsAnEntryThatExpiresBeforeWhatWasSwept() {
    commit(put("first", in(10)));
    clock.advance(Duration.ofMinutes(10));
    while (store.sweep(clock.instant(), 10)) {}
    commit(put("second", in(-300)));

    while (store.sweep(clock.instant(), 10)) {}

    assertThat(store.get(NAMESPACE, Key.of("second"))).isInstanceOf(Lookup.Missing.class);
    assertThat(store.expiryRows()).isZero();
  }

  @Test
  void aClearedKeyThatIsWrittenAgainKeepsItsValueAndItsExpiry() {
    commit(large("a", in(60)), large("b", in(60)));
    commit(new Mutation.Clear(Bytes.EMPTY), large("a", in(6000)));
    clock.advance(Duration.ofMinutes(10));
    while (store.sweep(clock.instant(), 10)) {}
    Value before = value("a");
    forgetTheFeed();

    assertThat(value("a").bytes()).isEqualTo(before.bytes());
    assertThat(store.chunkRows()).isEqualTo(3);
  }

  private Value value(String key) {
    return ((Lookup.Found) store.get(NAMESPACE, Key.of(key))).entry().value();
  }

  @Test
  void whatAClearTakesAwayIsFreedInBoundedPieces() {
    List<Mutation> puts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      puts.add(large("big/" + i, Expiry.NEVER));
    }
    commit(puts);
    commit(new Mutation.Clear(Bytes.utf8("big/")));
    clock.advance(Duration.ofDays(2));
    commit(put("other", Expiry.NEVER));
    while (trim()) {}
    clock.advance(Duration.ofDays(2));
    commit(put("other", Expiry.NEVER));

    long most = 0;
    long before = store.chunkRows();
    for (boolean more = true; more; ) {
      more = trim();
      most = Math.max(most, before - store.chunkRows());
      before = store.chunkRows();
    }

    assertThat(before).isZero();
    assertThat(most).isLessThanOrEqualTo(ROWS + 3);
  }

  @Test
  void anOpenSnapshotKeepsOnlyWhatWasReplacedSinceItWasOpened() throws Exception {
    commit(large("replaced before", Expiry.NEVER), large("replaced since", Expiry.NEVER));
    commit(put("replaced before", Expiry.NEVER));
    try (Snapshot snapshot = store.snapshot()) {
      commit(put("replaced since", Expiry.NEVER));
      forgetTheFeed();

      assertThat(store.chunkRows()).isEqualTo(3);
      snapshot.next();
      assertThat(snapshot.next().orElseThrow().entry().value().bytes().size()).isEqualTo(9000);
    }
    while (trim()) {}

    assertThat(store.chunkRows()).isZero();
  }
}
