package selvedge.server.analytics;

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
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.summary.Summaries;
import selvedge.engine.summary.Summary;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

/** The keys and bytes of namespaces are recorded each hour, and each minute while they change. */
final class StorageCountTest {
  private static final AccountId ACCOUNT = new AccountId("0".repeat(32));
  private static final long VALUE_BYTES = 100;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-30T12:00:10Z"));
  private final AtomicLong ticks = new AtomicLong();
  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock);
  private final NamespaceId id = namespaces.create(ACCOUNT, "n").id();
  private final RocksStore store;
  private final Summaries summaries;
  private final Analytics analytics;
  private final StorageCount count;

  StorageCountTest(@TempDir Path folder) {
    Limits limits = Limits.of(Profile.OPEN);
    this.store =
        RocksStore.open(folder.resolve("store"), limits, clock, new Random(1), MasterKeys.NONE);
    this.summaries =
        new Summaries(new Summaries.Source(store::index, store), clock, ticks::get, limits);
    this.analytics =
        new Analytics(folder, 64 << 20, () -> 10, "origin", false, clock, new Random(1));
    this.count = new StorageCount(namespaces, summaries, analytics, clock);
    count.step(); // The first minute belongs to the start.
  }

  @AfterEach
  void close() {
    analytics.close();
    summaries.close();
    store.close();
  }

  private void put(String... keys) {
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      var put =
          new Mutation.Put(
              Key.of(key), Bytes.copyOf(new byte[(int) VALUE_BYTES]), Metadata.NONE, Expiry.NEVER);
      long version = store.latest().number() + changes.size() + 1;
      changes.add(new Change(new Version(version), clock.instant(), id, put));
    }
    store.commit(changes);
  }

  /** Steps each worker often enough for a count of a few keys. */
  private List<Stored> counted() {
    for (int step = 0; step < 100; step++) {
      count.step();
      ticks.addAndGet(Duration.ofSeconds(1).toNanos());
      summaries.step();
    }
    count.step();
    // The first step may begin a minute, and the second one writes the minute before.
    analytics.step();
    analytics.step();
    return analytics.lastStored();
  }

  /** Counts follow changes while a person looks at them. */
  private void look() {
    if (summaries.open(id) instanceof Summaries.Found.Ready(Summary summary)) {
      summary.close();
    }
  }

  private static Stored keys(NamespaceId namespace, int keys) {
    return new Stored(namespace, keys, keys * (VALUE_BYTES + 1));
  }

  @Test
  void aNamespaceIsCountedAndItsChangesAreWhileItIsLookedAt() {
    put("a", "b");
    assertThat(counted()).containsExactly(keys(Row.OTHER, 2));

    put("c");
    clock.advance(Duration.ofMinutes(1));
    look();
    assertThat(counted()).containsExactly(keys(id, 3));
  }

  @Test
  void aDeletedNamespaceNoLongerStoresAnything() {
    put("a");
    assertThat(counted()).hasSize(1);

    namespaces.delete(id);
    clock.advance(Duration.ofMinutes(1));
    assertThat(counted()).isEmpty();
  }

  @Test
  void growthIsKeptByTime() {
    put("a");
    counted();
    put("b");
    clock.advance(Duration.ofHours(1));
    counted();

    long now = clock.instant().getEpochSecond();
    assertThat(
            new Selection(now - 7200, now + 60, 60, (_, _) -> true)
                .samples(analytics, _ -> true, _ -> {}))
        .extracting(sample -> sample.stored().keys())
        .startsWith(1L)
        .endsWith(2L);
  }
}
