package selvedge.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.Name;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
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
 * A store with its hot entries in memory. Safe for many threads, as the store below it is.
 *
 * <p>What a commit changes has a stripe, and the stripe's stamp is odd while that commit is shown
 * and another even number afterwards. A reader that has found an entry below puts it here only if
 * the stamp was even before it read and is the same within the cache's lock on the key. So nothing
 * old comes in while or after a commit, and the commit itself puts in only the last state of each
 * key. A clear cannot lock keys it does not know: every copy carries the namespace's stamp of
 * clears, and counts only while that is the newest.
 */
public final class HotStore implements Store {
  /** No namespace has so many clears. */
  private static final long HIDDEN = -1;

  private final Store store;
  private final int inlineBytes;
  private final Cache<Name, Copy> hot;
  private final AtomicLongArray stamps = new AtomicLongArray(Name.STRIPES);
  private final AtomicLongArray clears = new AtomicLongArray(Name.STRIPES);
  private final Tally hits = new Tally();
  private final LongAdder misses = new LongAdder();
  private final Doorkeeper lately = new Doorkeeper();
  private final HotPages pages;

  /** Whether an entry had to go for another one. */
  private volatile boolean full;

  /**
   * @param clears of the namespace, as its reader had seen them
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
  public long epoch() {
    return store.epoch();
  }

  @Override
  public void adopt(long epoch) {
    store.adopt(epoch);
  }

  @Override
  public Version latest() {
    return store.latest();
  }

  @Override
  public Instant changedAt() {
    return store.changedAt();
  }

  @Override
  public Lookup get(NamespaceId namespace, Key key) {
    var name = new Name(namespace, key);
    Optional<Lookup> known = find(name);
    if (known.isPresent()) {
      return known.get();
    }
    misses.increment();
    int stripe = name.stripe();
    long stamp = stamps.get(stripe);
    long seen = clears.get(Name.stripe(namespace));
    Lookup found = store.get(namespace, key);
    if (isSmall(found) && isEven(stamp) && isEven(seen) && deservesPlace(name)) {
      var copy = new Copy(found, seen);
      hot.asMap().compute(name, (_, there) -> stamps.get(stripe) == stamp ? copy : there);
    }
    return found;
  }

  /** Where there is no room left, what is asked for once in a long while drives nothing out. */
  private boolean deservesPlace(Name name) {
    return !full || lately.again(name);
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
   * Until the commit is done, what it changes is read below, where all of it appears at once:
   * nobody sees a part of a batch there and an older copy of another part here.
   */
  private void hide(Name name) {
    hot.asMap().computeIfPresent(name, (_, there) -> new Copy(there.lookup(), HIDDEN));
  }

  private @Nullable Copy copy(Change change, Mutation.Put put) {
    var entry = new Entry(put.key(), put.value(), put.metadata(), put.expiry(), change.version());
    Lookup found = new Lookup.Found(entry, change.version());
    long seen = clears.get(Name.stripe(change.namespace()));
    return isSmall(found) ? new Copy(found, seen) : null;
  }

  /** Must take the lock also when the key seems absent: a reader may be about to put it here. */
  private void replace(Name name, Change change) {
    @Nullable Copy copy =
        change.mutation() instanceof Mutation.Put put
                && store.latest().compareTo(change.version()) >= 0
            ? copy(change, put)
            : null;
    hot.asMap().compute(name, (_, there) -> there == null ? null : copy);
  }

  @Override
  public Upload upload() {
    return store.upload();
  }

  /** What is swept has expired, so whoever finds it here treats it as missing. */
  @Override
  public boolean sweep(Instant moment, int limit) {
    return store.sweep(moment, limit);
  }

  @Override
  public long freeBytes() {
    return store.freeBytes();
  }

  /** About how many reads were answered from here. */
  @AnyThread
  public long hits() {
    return hits.sum();
  }

  /** How many pages of listings were answered from here. */
  @AnyThread
  public long pageHits() {
    return pages.hits();
  }

  /** How many reads had to ask below. */
  @AnyThread
  public long misses() {
    return misses.sum();
  }

  @Override
  public void close() {
    store.close();
  }
}
