package selvedge.engine.store.rocks;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.FeedPoint;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.RowSeal;
import selvedge.engine.store.row.RowWriter;
import selvedge.engine.store.row.Stored;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Converts changes into rows of the tables, and writes them atomically. Confined to the writer.
 *
 * <p>It reads only two facts of the entry that it replaces: whether the value was chunked, because
 * those chunks become garbage, and the expiry, because an entry has one row in the index of
 * expiries.
 */
final class TableWriter implements AutoCloseable {
  private final Tables rocks;
  private final Chunks chunks;
  private final UpkeepState upkeep;
  private final WriteSet rows;

  /** The chunked values that these changes added or removed, by the key of the entry. */
  private final Map<Bytes, Optional<Stored.Chunked>> large = new HashMap<>();

  /** The expiries of these changes in milliseconds, 0 for never, by the key of the entry. */
  private final Map<Bytes, Long> moments = new HashMap<>();

  private FeedPoint end;
  private FeedPoint mark;

  /**
   * @param end the end of the feed before these changes
   * @param mark the last stored point of the feed
   */
  TableWriter(Tables rocks, Chunks chunks, UpkeepState upkeep, FeedPoint end, FeedPoint mark) {
    this.rocks = rocks;
    this.chunks = chunks;
    this.upkeep = upkeep;
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

  void add(JournalRow change) {
    FeedRow row = change.change();
    Version version = change.version();
    long size = row.size();
    switch (RowSeal.plain(change)) {
      case FeedRow.Action.Put(var key, var expiry, var metadata, var value) -> {
        Bytes sealed =
            row.action() instanceof FeedRow.Action.Sealed encrypted ? encrypted.sealed() : null;
        put(row.namespace(), key, new EntryRow(version, expiry, metadata, value), sealed, row.at());
        if (value instanceof Stored.Chunked chunked) {
          size += chunked.length();
        }
      }
      case FeedRow.Action.Delete(Key key) -> delete(row, version, key);
      case FeedRow.Action.Clear(Bytes prefix) -> clear(row, version, prefix);
      case FeedRow.Action.Sealed _ ->
          throw new IllegalStateException("a decrypted action is not plain");
    }
    end = end.after(version, row.at(), size);
    if (end.isWorthMarking(mark)) {
      mark = end;
      rows.put(Table.UPKEEP, Upkeep.MARK.key(version.number()), end.encode());
    }
  }

  /** Puts an entry of another store, which is not a change here. */
  void restore(NamespaceId namespace, Entry entry, Stored value) {
    var row = new EntryRow(entry.version(), entry.expiry(), entry.metadata(), value);
    put(namespace, entry.key(), row, null, Instant.EPOCH);
  }

  /**
   * @param sealed metadata and value if they are encrypted already, for the journal
   */
  private void put(
      NamespaceId namespace, Key key, EntryRow row, @Nullable Bytes sealed, Instant at) {
    byte[] entry = KeySpace.entry(namespace, key.bytes());
    Version version = row.version();
    putEntry(rows, chunks.seal(), entry, row, sealed);
    expire(entry, row.expiry(), version);
    takeAway(version, at, entry);
    if (row.value() instanceof Stored.Chunked chunked) {
      chunks.referred();
      rows.delete(Table.UPKEEP, Upkeep.UPLOAD.key(chunked.id()));
      rows.put(
          Table.UPKEEP,
          Upkeep.LARGE.key(entry),
          new RowWriter(Stored.Chunked.BYTES).stored(chunked).row());
      large.put(Bytes.copyOf(entry), Optional.of(chunked));
    }
  }

  /**
   * Puts the two rows of an entry.
   *
   * @param entry the key of both
   * @param sealed metadata and value if they are encrypted already
   */
  static void putEntry(
      WriteSet rows, RowSeal seal, byte[] entry, EntryRow row, @Nullable Bytes sealed) {
    rows.put(Table.ENTRIES, entry, sealed == null ? row.encode(entry, seal) : row.encode(sealed));
    var index = new IndexRow(row.version(), row.expiry(), row.value().length(), row.metadata());
    rows.put(Table.INDEX, entry, index.encode(entry, seal));
  }

  private void delete(FeedRow change, Version version, Key key) {
    byte[] entry = KeySpace.entry(change.namespace(), key.bytes());
    rows.delete(Table.ENTRIES, entry);
    rows.delete(Table.INDEX, entry);
    expire(entry, Expiry.NEVER, version);
    takeAway(version, change.at(), entry);
    upkeep.reclaiming().deleted();
  }

  /** Moves the entry in the index of expiries, where it has at most one row. */
  private void expire(byte[] entry, Expiry expiry, Version version) {
    long moment = RowWriter.millis(expiry);
    if (moment == 0 && !upkeep.expiries().areUsed()) {
      return;
    }
    var name = Bytes.copyOf(entry);
    Long written = moments.put(name, moment);
    long before = written == null ? upkeep.expiries().moment(entry) : written;
    if (before != 0 && before != moment) {
      rows.delete(Table.UPKEEP, Upkeep.EXPIRY.key(before, entry));
      rows.delete(Table.UPKEEP, Upkeep.EXPIRES.key(entry));
    }
    if (moment != 0) {
      byte[] key = Upkeep.EXPIRY.key(moment, entry);
      upkeep.expiries().added(key);
      rows.put(Table.UPKEEP, key, new RowWriter(Long.BYTES).version(version).row());
      rows.put(
          Table.UPKEEP, Upkeep.EXPIRES.key(entry), new RowWriter(Long.BYTES).i64(moment).row());
    }
  }

  private void clear(FeedRow change, Version version, Bytes prefix) {
    byte[] start = KeySpace.entry(change.namespace(), prefix);
    byte[] last = KeySpace.endOfKeys(start);
    rows.deleteRange(Table.ENTRIES, start, last);
    rows.deleteRange(Table.INDEX, start, last);
    upkeep.reclaiming().emptied(start, last);
    if (chunks.wereReferredTo()) {
      upkeep.cleared().add(version, change.at().toEpochMilli(), start, last, rows);
    }
  }

  /** Records the chunks that the entry had as garbage. */
  private void takeAway(Version version, Instant at, byte[] entry) {
    byte[] key = Upkeep.LARGE.key(entry);
    Stored.Chunked replaced = replaced(entry, key);
    if (replaced != null) {
      rows.delete(Table.UPKEEP, key);
      upkeep.garbage().add(replaced, version, at.toEpochMilli(), rows);
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
    if (!chunks.wereReferredTo()) {
      return null;
    }
    byte[] row = rocks.get(Table.UPKEEP, key);
    return row == null ? null : Upkeep.chunked(row, rocks.name(Table.UPKEEP));
  }

  /** Puts a row of upkeep beside restored entries. */
  void restoreRow(byte[] key, byte[] row) {
    rows.put(Table.UPKEEP, key, row);
  }

  /** Writes the restored entries and rows. A later sync makes them durable. */
  void writeRestored() {
    rocks.write(rows);
  }

  /** Writes the rows. They are durable in the journal already. */
  void write() {
    rows.put(Table.UPKEEP, Upkeep.Fact.LATEST.key(), end.encode());
    rocks.writeUnlogged(rows);
  }

  @Override
  public void close() {
    rows.close();
  }
}
