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
 * before it reads and compares it within the cache's own lock on the key, and a commit raises the
 * stamp before it touches the key. So either the reader sees the raised stamp and stays away, or
 * the commit comes after it and replaces what it left.
 */
public final class HotStore implements Store {
  private static final int STRIPES = 4096;
  private static final int OVERHEAD_BYTES = 200;

  private final Store store;
  private final int inlineBytes;
  private final Cache<Name, Lookup> hot;
  private final AtomicLongArray stamps = new AtomicLongArray(STRIPES);
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  private record Name(NamespaceId namespace, Key key) {}

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

  private static int weight(Name name, Lookup lookup) {
    int bytes = OVERHEAD_BYTES + name.key().bytes().size();
    return switch (lookup) {
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
    Lookup known = hot.getIfPresent(name);
    if (known != null) {
      hits.increment();
      return known;
    }
    misses.increment();
    int stripe = stripe(name);
    long stamp = stamps.get(stripe);
    Lookup found = store.get(namespace, key);
    if (isSmall(found)) {
      hot.asMap().compute(name, (_, there) -> fill(there, found, stripe, stamp));
    }
    return found;
  }

  private @Nullable Lookup fill(@Nullable Lookup there, Lookup found, int stripe, long stamp) {
    return stamps.get(stripe) == stamp ? found : there;
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
    Lookup known = hot.getIfPresent(new Name(namespace, key));
    if (known != null) {
      hits.increment();
    }
    return Optional.ofNullable(known);
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
        case Mutation.Put put -> replace(change, put);
        case Mutation.Delete(Key key) -> drop(change, key);
        case Mutation.Clear _ -> dropAll(change);
      }
    }
  }

  private void replace(Change change, Mutation.Put put) {
    var name = new Name(change.namespace(), put.key());
    stamps.set(stripe(name), change.version().number());
    if (put.value() instanceof Bytes bytes && bytes.size() <= inlineBytes) {
      var entry = new Entry(put.key(), bytes, put.metadata(), put.expiry(), change.version());
      hot.asMap().computeIfPresent(name, (_, _) -> new Lookup.Found(entry, change.version()));
    } else {
      hot.invalidate(name);
    }
  }

  private void drop(Change change, Key key) {
    var name = new Name(change.namespace(), key);
    stamps.set(stripe(name), change.version().number());
    hot.invalidate(name);
  }

  /** Rare, so it need not be clever: every stripe is raised, and the namespace is walked. */
  private void dropAll(Change change) {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      stamps.set(stripe, change.version().number());
    }
    hot.asMap().keySet().removeIf(name -> name.namespace().equals(change.namespace()));
  }

  private static int stripe(Name name) {
    int hash = name.hashCode();
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
