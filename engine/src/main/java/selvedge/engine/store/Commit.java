package selvedge.engine.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Value;
import selvedge.model.Version;

/**
 * Turns changes into rows, and writes them at one moment. Belongs to the writer's thread.
 *
 * <p>It writes blindly: of what is in place it only asks whether a value was chunked, because those
 * chunks become garbage.
 */
final class Commit implements AutoCloseable {
  private final Rocks rocks;
  private final Uploads uploads;
  private final int inlineBytes;
  private final WriteSet rows;
  private final List<RocksUpload> claimed = new ArrayList<>();

  /** The chunked values that this commit gave or took away, by the key of the entry. */
  private final TreeMap<Bytes, Optional<Stored.Chunked>> large = new TreeMap<>();

  private FeedPoint end;
  private FeedPoint mark;

  /**
   * @param end where the feed ends before this commit
   * @param mark the last mark in the feed
   */
  Commit(Rocks rocks, Uploads uploads, int inlineBytes, FeedPoint end, FeedPoint mark) {
    this.rocks = rocks;
    this.uploads = uploads;
    this.inlineBytes = inlineBytes;
    this.end = end;
    this.mark = mark;
    this.rows = rocks.writeSet();
  }

  FeedPoint end() {
    return end;
  }

  FeedPoint mark() {
    return mark;
  }

  void add(Change change) {
    FeedRow.Action action =
        switch (change.mutation()) {
          case Mutation.Put put -> put(change, put);
          case Mutation.Delete(Key key) -> delete(change, key);
          case Mutation.Clear(Bytes prefix) -> clear(change, prefix);
        };
    appendToFeed(change, new FeedRow(change.at(), change.namespace(), action));
  }

  /** Puts an entry that another store has given its version. */
  void restore(NamespaceId namespace, Entry entry) {
    var put = new Mutation.Put(entry.key(), entry.value(), entry.metadata(), entry.expiry());
    put(new Change(entry.version(), Instant.EPOCH, namespace, put), put);
  }

  private FeedRow.Action put(Change change, Mutation.Put put) {
    Stored stored = place(put.value());
    byte[] entry = KeySpace.entry(change.namespace(), put.key().bytes());
    Version version = change.version();
    rows.put(
        Table.ENTRIES, entry, new EntryRow(version, put.expiry(), put.metadata(), stored).encode());
    rows.put(
        Table.INDEX,
        entry,
        IndexRow.encode(version, put.expiry(), put.metadata(), stored.length()));
    if (put.expiry() instanceof Expiry.At(var instant)) {
      rows.put(
          Table.UPKEEP,
          Upkeep.EXPIRY.key(instant.toEpochMilli(), change.namespace(), put.key().bytes()),
          new RowWriter(Long.BYTES).version(version).row());
    }
    takeAway(change, entry);
    if (stored instanceof Stored.Chunked chunked) {
      rows.put(
          Table.UPKEEP,
          Upkeep.LARGE.key(entry),
          new RowWriter(Stored.Chunked.BYTES).stored(chunked).row());
      large.put(Bytes.copyOf(entry), Optional.of(chunked));
    }
    return new FeedRow.Action.Put(put.key(), put.expiry(), put.metadata(), stored);
  }

  private FeedRow.Action delete(Change change, Key key) {
    byte[] entry = KeySpace.entry(change.namespace(), key.bytes());
    rows.delete(Table.ENTRIES, entry);
    rows.delete(Table.INDEX, entry);
    takeAway(change, entry);
    return new FeedRow.Action.Delete(key);
  }

  private FeedRow.Action clear(Change change, Bytes prefix) {
    byte[] start = KeySpace.entry(change.namespace(), prefix);
    byte[] last = KeySpace.endOfKeys(start);
    rows.deleteRange(Table.ENTRIES, start, last);
    rows.deleteRange(Table.INDEX, start, last);
    for (byte[] entry : largeBetween(start, last)) {
      takeAway(change, entry);
    }
    return new FeedRow.Action.Clear(prefix);
  }

  private List<byte[]> largeBetween(byte[] start, byte[] last) {
    List<byte[]> entries = new ArrayList<>();
    try (Scan scan = rocks.scan(Table.UPKEEP, Upkeep.LARGE.key(start), Upkeep.LARGE.key(last))) {
      while (scan.next()) {
        Bytes entry = Bytes.copyOf(scan.key(), 1, scan.key().length - 1);
        if (!large.containsKey(entry)) {
          entries.add(entry.toArray());
        }
      }
    }
    for (var given : large.subMap(Bytes.copyOf(start), Bytes.copyOf(last)).entrySet()) {
      if (given.getValue().isPresent()) {
        entries.add(given.getKey().toArray());
      }
    }
    return entries;
  }

  /** Whatever chunks the entry has had are garbage from this change on. */
  private void takeAway(Change change, byte[] entry) {
    byte[] key = Upkeep.LARGE.key(entry);
    Stored.Chunked replaced = replaced(entry, key);
    if (replaced != null) {
      rows.delete(Table.UPKEEP, key);
      rows.put(
          Table.UPKEEP,
          Upkeep.GARBAGE.key(change.version().number(), replaced.id()),
          new GarbageRow(change.at().toEpochMilli(), replaced).encode());
      large.put(Bytes.copyOf(entry), Optional.empty());
    }
  }

  private Stored.@Nullable Chunked replaced(byte[] entry, byte[] key) {
    if (!large.isEmpty()) {
      Optional<Stored.Chunked> given = large.get(Bytes.copyOf(entry));
      if (given != null) {
        return given.orElse(null);
      }
    }
    if (!uploads.wereClaimed()) {
      return null;
    }
    byte[] row = rocks.get(Table.UPKEEP, key);
    return row == null ? null : Upkeep.chunked(row, rocks.name(Table.UPKEEP));
  }

  /** A value that is neither small nor an upload of this store becomes an upload. */
  private Stored place(Value value) {
    if (value instanceof Bytes bytes && bytes.size() <= inlineBytes) {
      return new Stored.Inline(bytes);
    }
    if (value instanceof ChunkedValue chunked && uploads.isPending(chunked)) {
      return claim(chunked);
    }
    Value copy = uploads.copy(value);
    return copy instanceof ChunkedValue chunked ? claim(chunked) : new Stored.Inline(copy.bytes());
  }

  private Stored claim(ChunkedValue value) {
    claimed.add(uploads.claim(value.stored().id()));
    rows.delete(Table.UPKEEP, Upkeep.UPLOAD.key(value.stored().id()));
    return value.stored();
  }

  private void appendToFeed(Change change, FeedRow row) {
    byte[] encoded = row.encode();
    rows.put(Table.FEED, KeySpace.version(change.version().number()), encoded);
    end = end.after(change, encoded.length + chunkedBytes(row));
    if (end.isWorthMarking(mark)) {
      mark = end;
      rows.put(Table.UPKEEP, Upkeep.MARK.key(end.version().number()), end.encode());
    }
  }

  private static long chunkedBytes(FeedRow row) {
    return row.action() instanceof FeedRow.Action.Put put
            && put.value() instanceof Stored.Chunked chunked
        ? chunked.length()
        : 0;
  }

  /** Writes what was restored with one more row of upkeep; it becomes durable later. */
  void writeRestored(byte[] key, byte[] row) {
    rows.put(Table.UPKEEP, key, row);
    rocks.write(rows);
    claimed.forEach(RocksUpload::committed);
    claimed.clear();
  }

  /** Returns once all is on disk. */
  void write() {
    rows.put(Table.UPKEEP, Upkeep.Fact.LATEST.key(), end.encode());
    rocks.writeSynced(rows);
    claimed.forEach(RocksUpload::committed);
    claimed.clear();
  }

  /** Gives back what was claimed, if nothing was written. */
  @Override
  public void close() {
    rows.close();
    claimed.forEach(RocksUpload::released);
  }
}
