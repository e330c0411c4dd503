package selvedge.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.Name;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.work.AnyThread;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.Version;

/**
 * A store with its hot entries in memory. Safe for use by many threads, as the store below it is.
 *
 * <p>Each key has a stripe. The stamp of the stripe is odd while a commit of the key becomes
 * visible, and a new even number afterwards. A reader inserts an entry from below only if the stamp
 * was even before the read and is the same under the cache's lock on the key. So no old entry comes
 * in during or after a commit, and the commit itself inserts only the last state of each key. A
 * clear cannot lock keys that it does not know. So each copy has the clear stamp of its namespace,
 * and is valid while that stamp is the same.
 *
 * <p>A swept entry may stay in memory: it has expired, so readers treat it as missing.
 */
public final class HotStore implements ForwardingStore {
  /** A number of clears that no namespace ever has. */
  private static final long HIDDEN = -1;

  private final Store store;
  private final int inlineBytes;
  private final Cache<Name, Copy> hot;
  private final AtomicLongArray stamps = new AtomicLongArray(Name.STRIPES);
  private final AtomicLongArray clears = new AtomicLongArray(Name.STRIPES);
  private final Tally hits = new Tally();
  private final LongAdder misses = new LongAdder();
  private final Doorkeeper doorkeeper = new Doorkeeper();
  private final HotPages pages;

  /** Whether an entry has been evicted. */
  private volatile boolean full;

  /**
   * @param clears the clear stamp of the namespace before the entry was read
   */
  private record Copy(Lookup lookup, long clears) {}

  public HotStore(Store store, Limits limits) {
    this.store = store;
    this.inlineBytes = limits.size(Limit.INLINE_BYTES);
    this.pages = new HotPages(limits.get(Limit.HOT_PAGES_BYTES));
    this.hot =
        Caffeine.newBuilder()
            .maximumWeight(limits.get(Limit.HOT_BYTES))
            .weigher((Name name, Copy copy) -> name.weight(copy.lookup()))
            .evictionListener((name, copy, cause) -> full = true)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Store delegate() {
    return store;
  }

  @Override
  public Lookup get(NamespaceId namespace, Key key) {
    var name = new Name(namespace, key);
    Optional<Lookup> inMemory = find(name);
    if (inMemory.isPresent()) {
      return inMemory.get();
    }
    misses.increment();
    int stripe = name.stripe();
    long stamp = stamps.get(stripe);
    long seen = clears.get(Name.stripe(namespace));
    Lookup found = store.get(namespace, key);
    if (isSmall(found) && isEven(stamp) && isEven(seen) && deservesPlace(name)) {
      var copy = new Copy(found, seen);
      hot.asMap().compute(name, (_, present) -> stamps.get(stripe) == stamp ? copy : present);
    }
    return found;
  }

  /** A full cache admits only entries that are read repeatedly. */
  private boolean deservesPlace(Name name) {
    return !full || doorkeeper.recordAgain(name);
  }

  private Optional<Lookup> find(Name name) {
    @Nullable Copy copy = hot.getIfPresent(name);
    if (copy == null || copy.clears() != clears.get(Name.stripe(name.namespace()))) {
      return Optional.empty();
    }
    hits.add();
    return Optional.of(copy.lookup());
  }

  private boolean isSmall(Lookup lookup) {
    return switch (lookup) {
      case Lookup.Missing _ -> true;
      case Lookup.Found(Entry entry, Version _) ->
          entry.value() instanceof Bytes bytes && bytes.size() <= inlineBytes;
    };
  }

  @Override
  public Optional<Lookup> peek(NamespaceId namespace, Key key) {
    return find(new Name(namespace, key));
  }

  @Override
  public Page list(NamespaceId namespace, Listing listing) {
    return pages.get(namespace, listing, () -> store.list(namespace, listing));
  }

  private static boolean isEven(long stamp) {
    return (stamp & 1) == 0;
  }

  @Override
  public void commit(List<Change> changes) {
    begin(changes).complete();
  }

  @Override
  public Pending begin(List<Change> changes) {
    Pending below = store.begin(changes);
    return new Pending() {
      @Override
      public void startSync() {
        below.startSync();
      }

      @Override
      public void await() {
        below.await();
      }

      @Override
      public void finish() {
        show(changes, below);
      }

      @Override
      public void withdraw() {
        below.withdraw();
      }
    };
  }

  @WriterOnly
  private void show(List<Change> changes, Pending below) {
    Map<Name, Change> last = new HashMap<>();
    Set<Integer> touched = new HashSet<>();
    Set<Integer> cleared = new HashSet<>();
    Set<Integer> namespaces = new HashSet<>();
    for (Change change : changes) {
      namespaces.add(Name.stripe(change.namespace()));
      switch (change.mutation()) {
        case Mutation.Put put -> last.put(new Name(change.namespace(), put.key()), change);
        case Mutation.Delete(Key key) -> last.put(new Name(change.namespace(), key), change);
        case Mutation.Clear _ -> {
          last.keySet().removeIf(name -> name.namespace().equals(change.namespace()));
          cleared.add(Name.stripe(change.namespace()));
        }
      }
    }
    last.keySet().forEach(name -> touched.add(name.stripe()));
    touched.forEach(stamps::incrementAndGet);
    cleared.forEach(clears::incrementAndGet);
    last.keySet().forEach(this::hide);
    namespaces.forEach(pages::changing);
    try {
      below.finish();
    } finally {
      namespaces.forEach(pages::changing);
      cleared.forEach(clears::incrementAndGet);
      last.forEach(this::replace);
      touched.forEach(stamps::incrementAndGet);
    }
  }

  /**
   * Hides a copy until the commit is complete. Readers then use the store below, where the whole
   * batch becomes visible at once, and never see half of a batch.
   */
  private void hide(Name name) {
    hot.asMap().computeIfPresent(name, (_, present) -> new Copy(present.lookup(), HIDDEN));
  }

  private @Nullable Copy copy(Change change, Mutation.Put put) {
    var entry = new Entry(put.key(), put.value(), put.metadata(), put.expiry(), change.version());
    Lookup found = new Lookup.Found(entry, change.version());
    long seen = clears.get(Name.stripe(change.namespace()));
    return isSmall(found) ? new Copy(found, seen) : null;
  }

  /** Must lock the key even if no copy is present, because a reader may be about to insert one. */
  private void replace(Name name, Change change) {
    @Nullable Copy copy =
        change.mutation() instanceof Mutation.Put put
                && store.latest().compareTo(change.version()) >= 0
            ? copy(change, put)
            : null;
    hot.asMap().compute(name, (_, present) -> present == null ? null : copy);
  }

  /** Returns about how many reads were answered from memory. */
  @AnyThread
  public long hits() {
    return hits.sum();
  }

  /** Returns how many list pages were answered from memory. */
  @AnyThread
  public long pageHits() {
    return pages.hits();
  }

  /** Returns how many reads needed the store below. */
  @AnyThread
  public long misses() {
    return misses.sum();
  }
}
