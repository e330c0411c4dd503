package selvedge.engine.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.row.KeySpace;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.StoreUnusableException;
import selvedge.model.Value;
import selvedge.model.Version;

/**
 * A store in sorted maps. It is not durable; tests compare the durable store with it.
 *
 * <p>Safe for use by many threads: every method holds the same monitor.
 */
public final class MemoryStore implements Store, Feed {
  private long epoch;
  private final TreeMap<NamespaceId, TreeMap<Bytes, Entry>> namespaces = new TreeMap<>();
  private final TreeMap<Version, Change> feed = new TreeMap<>();
  private Instant changedAt = Instant.EPOCH;
  private Version latest = Version.NONE;
  private Version horizon = Version.NONE;
  private boolean closed;

  public MemoryStore(long epoch) {
    this.epoch = epoch;
  }

  @Override
  public synchronized long epoch() {
    return epoch;
  }

  @Override
  public synchronized void adopt(long given) {
    epoch = given;
  }

  @Override
  public synchronized Version latest() {
    return latest;
  }

  @Override
  public synchronized Instant changedAt() {
    return changedAt;
  }

  @Override
  public synchronized Lookup get(NamespaceId namespace, Key key) {
    requireOpen();
    return Optional.ofNullable(entries(namespace).get(key.bytes()))
        .<Lookup>map(entry -> new Lookup.Found(entry, latest))
        .orElseGet(() -> new Lookup.Missing(latest));
  }

  @Override
  public synchronized Page list(NamespaceId namespace, Listing listing) {
    requireOpen();
    List<Listed> page = new ArrayList<>();
    for (Entry entry : withPrefix(namespace, listing.prefix()).values()) {
      if (entry.key().bytes().compareTo(listing.from()) < 0) {
        continue;
      }
      if (page.size() == listing.limit()) {
        return new Page(page, false);
      }
      page.add(
          new Listed(
              entry.key(),
              entry.metadata(),
              entry.expiry(),
              entry.version(),
              entry.value().length()));
    }
    return new Page(page, true);
  }

  @Override
  public synchronized void commit(List<Change> changes) {
    requireOpen();
    VersionOrder.require(latest, changes);
    List<Change> kept = changes.stream().map(MemoryStore::inMemory).toList();
    for (Change change : kept) {
      apply(change);
      feed.put(change.version(), change);
      latest = change.version();
      changedAt = change.at();
    }
  }

  private void apply(Change change) {
    switch (change.mutation()) {
      case Mutation.Put(var key, var value, var metadata, var expiry, var _) ->
          entries(change.namespace())
              .put(key.bytes(), new Entry(key, value, metadata, expiry, change.version()));
      case Mutation.Delete(var key) -> entries(change.namespace()).remove(key.bytes());
      case Mutation.Clear(var prefix) -> withPrefix(change.namespace(), prefix).clear();
    }
  }

  private static Change inMemory(Change change) {
    return switch (change.mutation()) {
      case Mutation.Put(var key, var value, var metadata, var expiry, var _) ->
          new Change(
              change.version(),
              change.at(),
              change.namespace(),
              new Mutation.Put(key, value.bytes(), metadata, expiry));
      case Mutation.Delete _, Mutation.Clear _ -> change;
    };
  }

  @Override
  public Upload upload() {
    return new MemoryUpload();
  }

  @Override
  public synchronized boolean sweep(Instant moment, int limit) {
    requireOpen();
    int seen = 0;
    for (TreeMap<Bytes, Entry> entries : namespaces.values()) {
      var each = entries.values().iterator();
      while (each.hasNext() && seen < limit) {
        if (each.next().expiry().hasPassed(moment)) {
          each.remove();
          seen++;
        }
      }
    }
    return seen == limit;
  }

  @Override
  public long freeBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public synchronized FeedRead read(Version after, int limit) {
    requireOpen();
    if (after.compareTo(horizon) < 0) {
      return new FeedRead.Trimmed(horizon);
    }
    return new FeedRead.Changes(feed.tailMap(after, false).values().stream().limit(limit).toList());
  }

  @Override
  public synchronized Version horizon() {
    return horizon;
  }

  @Override
  public synchronized boolean trim(Duration age, long bytes, Instant now) {
    requireOpen();
    Instant oldest = now.minus(age);
    while (!feed.isEmpty()
        && (feed.firstEntry().getValue().at().isBefore(oldest) || feedBytes() > bytes)) {
      horizon = feed.pollFirstEntry().getKey();
    }
    return false;
  }

  private long feedBytes() {
    return feed.values().stream()
        .mapToLong(
            change ->
                change.mutation() instanceof Mutation.Put put ? put.value().length() : Long.BYTES)
        .sum();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnusableException("the store is closed");
    }
  }

  private NavigableMap<Bytes, Entry> entries(NamespaceId namespace) {
    return namespaces.computeIfAbsent(namespace, _ -> new TreeMap<>());
  }

  private NavigableMap<Bytes, Entry> withPrefix(NamespaceId namespace, Bytes prefix) {
    Bytes end = prefix.plus(KeySpace.AFTER_ANY_KEY);
    return entries(namespace).subMap(prefix, true, end, false);
  }

  /** Collects the chunks. They are not shared until the value is finished. */
  private static final class MemoryUpload implements Upload {
    private Bytes gathered = Bytes.EMPTY;

    @Override
    public void write(Bytes chunk) {
      gathered = gathered.plus(chunk);
    }

    @Override
    public Value finish() {
      return gathered;
    }

    @Override
    public void close() {}
  }
}
