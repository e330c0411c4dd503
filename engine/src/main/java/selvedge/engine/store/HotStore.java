package selvedge.engine.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
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
 * <p>A commit replaces what it changed before it returns. A reader that has found an entry below
 * puts it here only if no commit has touched its stripe meanwhile: it notes the stripe's stamp
 * before it reads and compares it within the cache's lock on the key, and a commit raises the stamp
 * before it takes that lock. So either the reader sees the raised stamp and stays away, or the
 * commit comes after it and replaces what it left. A clear cannot lock keys it does not know;
 * instead every copy carries the number of clears its reader had seen, and counts only while that
 * is the newest.
 */
public final class HotStore implements Store {
  private static final int STRIPES = 4096;
  private static final int OVERHEAD_BYTES = 200;

  private final Store store;
  private final int inlineBytes;
  private final Cache<Name, Copy> hot;
  private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);
  private final AtomicLongArray clears = new AtomicLongArray(STRIPES);
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  private record Name(NamespaceId namespace, Key key) {}

  /**
   * @param clears of the namespace, as its reader had seen them
   */
  private record Copy(Lookup lookup, long clears) {}

  public HotStore(Store store, Limits limits) {
    this.store = store;
    this.inlineBytes = limits.size(Limit.INLINE_BYTES);
    this.hot =
        Caffeine.newBuilder()
            .maximumWeight(limits.get(Limit.HOT_BYTES))
            .weigher(HotStore::weight)
            .executor(Runnable::run)
            .build();
  }

  private static int weight(Name name, Copy copy) {
    int bytes = OVERHEAD_BYTES + name.key().bytes().size();
    return switch (copy.lookup()) {
      case Lookup.Missing _ -> bytes;
      case Lookup.Found(Entry entry, Version _) ->
          bytes + (int) entry.value().length() + entry.metadata().json().size();
    };
  }

  @Override
  public long epoch() {
    return store.epoch();
  }

  @Override
  public Version latest() {
    return store.latest();
  }

  @Override
  public Lookup get(NamespaceId namespace, Key key) {
    var name = new Name(namespace, key);
    Optional<Lookup> known = find(name);
    if (known.isPresent()) {
      return known.get();
    }
    misses.increment();
    int stripe = stripe(name.hashCode());
    long stamp = stamps.get(stripe);
    long seen = clears.get(stripe(namespace.hashCode()));
    Lookup found = store.get(namespace, key);
    if (isSmall(found)) {
      var copy = new Copy(found, seen);
      hot.asMap().compute(name, (_, there) -> stamps.get(stripe) == stamp ? copy : there);
    }
    return found;
  }

  private Optional<Lookup> find(Name name) {
    @Nullable Copy copy = hot.getIfPresent(name);
    if (copy == null || copy.clears() != clears.get(stripe(name.namespace().hashCode()))) {
      return Optional.empty();
    }
    hits.increment();
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
    return store.list(namespace, listing);
  }

  @Override
  public void commit(List<Change> changes) {
    store.commit(changes);
    for (Change change : changes) {
      switch (change.mutation()) {
        case Mutation.Put put -> replace(change, put.key(), copy(change, put));
        case Mutation.Delete(Key key) -> replace(change, key, null);
        case Mutation.Clear _ -> clears.incrementAndGet(stripe(change.namespace().hashCode()));
      }
    }
  }

  private @Nullable Copy copy(Change change, Mutation.Put put) {
    var entry = new Entry(put.key(), put.value(), put.metadata(), put.expiry(), change.version());
    Lookup found = new Lookup.Found(entry, change.version());
    long seen = clears.get(stripe(change.namespace().hashCode()));
    return isSmall(found) ? new Copy(found, seen) : null;
  }

  /** Must take the lock also when the key seems absent: a reader may be about to put it here. */
  private void replace(Change change, Key key, @Nullable Copy copy) {
    var name = new Name(change.namespace(), key);
    stamps.set(stripe(name.hashCode()), change.version().number());
    hot.asMap().compute(name, (_, there) -> there == null ? null : copy);
  }

  private static int stripe(int hash) {
    return (hash ^ hash >>> 16) & (STRIPES - 1);
  }

  @Override
  public Upload upload() {
    return store.upload();
  }

  /** What is swept has expired, so whoever finds it here treats it as missing. */
  @Override
  public int sweep(Instant moment, int limit) {
    return store.sweep(moment, limit);
  }

  @Override
  public long freeBytes() {
    return store.freeBytes();
  }

  /** How many reads were answered from here. */
  public long hits() {
    return hits.sum();
  }

  /** How many reads had to ask below. */
  public long misses() {
    return misses.sum();
  }

  @Override
  public void close() {
    store.close();
  }
}
