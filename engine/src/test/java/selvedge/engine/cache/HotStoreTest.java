package selvedge.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.engine.feed.Feed;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Store;
import selvedge.engine.store.StoreContract;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

final class HotStoreTest extends StoreContract {
  private static final Key KEY = Key.of("hot");

  private final MemoryStore memory = new MemoryStore(1);
  private final HotStore hot = new HotStore(memory, limits);

  @Override
  public Store store() {
    return hot;
  }

  @Override
  public Feed feed() {
    return memory;
  }

  private void commit(long version, Mutation mutation) {
    hot.commit(List.of(new Change(new Version(version), clock.instant(), NAMESPACE, mutation)));
  }

  private static Mutation put(long version) {
    return new Mutation.Put(KEY, Bytes.utf8(Long.toString(version)), Metadata.NONE, Expiry.NEVER);
  }

  @Test
  void answersARepeatedReadFromMemory() {
    commit(1, put(1));
    assertThat(hot.peek(NAMESPACE, KEY)).isEmpty();

    hot.get(NAMESPACE, KEY);

    assertThat(hot.peek(NAMESPACE, KEY)).isPresent();
    assertThat(hot.misses()).isEqualTo(1);
  }

  @Test
  void aFullCacheAdmitsARepeatedlyReadEntry() {
    Limits small = limits.with(Limit.HOT_BYTES, 10_000);
    try (var crowded = new HotStore(memory, small)) {
      for (int i = 0; i < 100; i++) {
        crowded.get(NAMESPACE, Key.of("once " + i));
      }
      for (int i = 0; i < 3; i++) {
        crowded.get(NAMESPACE, KEY);
      }

      assertThat(crowded.peek(NAMESPACE, KEY)).isPresent();
    }
  }

  @Test
  void aPageIsStoredAtItsSecondReadUntilSomethingChanges() {
    var all = Listing.all(10);
    commit(1, put(1));
    for (int i = 0; i < 3; i++) {
      assertThat(hot.list(NAMESPACE, all).entries()).hasSize(1);
    }
    assertThat(hot.pageHits()).isEqualTo(1);

    commit(2, new Mutation.Delete(KEY));
    assertThat(hot.list(NAMESPACE, all).entries()).isEmpty();
    assertThat(hot.list(NAMESPACE, Listing.all(11)).entries()).isEmpty();
    assertThat(hot.pageHits()).isEqualTo(1);

    commit(3, new Mutation.Clear(Bytes.EMPTY));
    hot.list(NAMESPACE, all);
    hot.list(NAMESPACE, all);
    assertThat(hot.pageHits()).isEqualTo(2);
  }

  @Test
  void aChangeOfAnotherNamespaceKeepsAPageValid() {
    var all = Listing.all(10);
    hot.list(NAMESPACE, all);
    hot.list(NAMESPACE, all);

    var elsewhere = new NamespaceId("e".repeat(32));
    hot.commit(List.of(new Change(new Version(1), clock.instant(), elsewhere, put(1))));
    hot.list(NAMESPACE, all);

    assertThat(hot.pageHits()).isEqualTo(1);
  }

  @Test
  void receivesEveryCommit() {
    hot.get(NAMESPACE, KEY);

    commit(1, put(1));
    assertThat(hot.get(NAMESPACE, KEY)).isInstanceOf(Lookup.Found.class);
    commit(2, new Mutation.Delete(KEY));
    assertThat(hot.get(NAMESPACE, KEY)).isInstanceOf(Lookup.Missing.class);
    commit(3, put(3));
    hot.get(NAMESPACE, KEY);
    commit(4, new Mutation.Clear(Bytes.utf8("h")));
    assertThat(hot.get(NAMESPACE, KEY)).isInstanceOf(Lookup.Missing.class);
  }

  @Test
  void aSlowFillNeverReplacesANewerCommit() throws Exception {
    var committed = new AtomicLong();
    var done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<?> one = threads.submit(() -> readUntil(done, committed));
      Future<?> other = threads.submit(() -> readUntil(done, committed));
      for (long version = 1; version <= 20_000; version++) {
        commit(version, version % 10 == 0 ? new Mutation.Clear(Bytes.EMPTY) : put(version));
        committed.set(version);
      }
      done.set(true);
      one.get();
      other.get();
    }
  }

  /** What is read is never older than what was committed before the read began. */
  private void readUntil(AtomicBoolean done, AtomicLong committed) {
    while (!done.get()) {
      long before = committed.get();
      for (Listed listed : hot.list(NAMESPACE, Listing.all(1)).entries()) {
        assertThat(listed.version().number()).isGreaterThanOrEqualTo(before);
      }
      before = committed.get();
      if (hot.get(NAMESPACE, KEY) instanceof Lookup.Found found) {
        assertThat(found.entry().version().number()).isGreaterThanOrEqualTo(before);
      }
    }
  }
}
