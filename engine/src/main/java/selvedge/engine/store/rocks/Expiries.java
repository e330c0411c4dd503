package selvedge.engine.store.rocks;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.RowReader;

/**
 * The entries of a store by expiry. Confined to the writer, except for {@link #oldest}.
 *
 * <p>RocksDB keeps deleted rows until it merges files, and a scan must skip each of them. A sweep
 * therefore starts where the last one ended. If each started at the head of the index, a piece
 * would skip the rows that all pieces before it deleted.
 */
final class Expiries {
  private static final int ENTRY_OFFSET = 1 + Long.BYTES;

  private final Tables rocks;
  private final Garbage garbage;
  private final InstantSource clock;
  private final long bytesMax;

  /** There is no row of the index before this key. */
  private byte[] start = Upkeep.EXPIRY.start();

  private boolean used;

  /** No entry that expired before this moment is left, in milliseconds. */
  private volatile long oldest = Long.MAX_VALUE;

  /**
   * @param bytesMax the size of the values after which a piece of a sweep ends
   */
  Expiries(Tables rocks, Garbage garbage, InstantSource clock, long bytesMax) {
    this.rocks = rocks;
    this.garbage = garbage;
    this.clock = clock;
    this.bytesMax = bytesMax;
    try (Scan scan = rocks.scan(Table.UPKEEP, start, Upkeep.EXPIRY.end())) {
      this.used = scan.next();
      if (used) {
        oldest = Upkeep.EXPIRY.reader(scan.key()).i64();
      }
    }
  }

  /**
   * Returns a moment before which no left entry has expired, in milliseconds; {@link
   * Long#MAX_VALUE} if no entry expires. Any thread may call this.
   */
  long oldest() {
    return oldest;
  }

  /** Returns whether any entry has expired or will expire. */
  boolean areUsed() {
    return used;
  }

  /** Returns when the entry expires, in milliseconds, or 0 if that is not on record. */
  long moment(byte[] entry) {
    byte[] row = used ? rocks.get(Table.UPKEEP, Upkeep.EXPIRES.key(entry)) : null;
    return row == null ? 0 : Upkeep.number(row, rocks.name(Table.UPKEEP));
  }

  /** Records that the index has a row with this key from now on. */
  void added(byte[] key) {
    used = true;
    if (Arrays.compareUnsigned(key, start) < 0) {
      start = key;
    }
    oldest = Math.min(oldest, Upkeep.EXPIRY.reader(key).i64());
  }

  /** Frees a bounded number of expired entries; returns whether more may be left. */
  boolean sweep(Instant moment, int limit) {
    byte[] end = Upkeep.EXPIRY.key(moment.toEpochMilli() + 1);
    if (!used || Arrays.compareUnsigned(start, end) >= 0) {
      return false;
    }
    int seen = 0;
    long bytes = 0;
    byte @Nullable [] last = null;
    try (WriteSet rows = rocks.writeSet()) {
      try (Scan scan = rocks.scan(Table.UPKEEP, start, end)) {
        while (seen < limit && bytes < bytesMax && scan.next()) {
          last = scan.key();
          bytes += sweep(last, scan.row(), rows);
          seen++;
        }
      }
      if (!rows.isEmpty()) {
        rocks.writeUnlogged(rows);
      }
    }
    boolean more = seen == limit || bytes >= bytesMax;
    if (more && last != null) {
      start = Arrays.copyOf(last, last.length + 1);
      oldest = Upkeep.EXPIRY.reader(last).i64();
    } else {
      start = end;
      oldest = moment.toEpochMilli();
    }
    return more;
  }

  /**
   * Deletes a row of the index, and the entry unless it was written again since. Returns the size
   * of the value. The value itself is not read: the listing's index has the version.
   */
  private long sweep(byte[] key, byte[] row, WriteSet rows) {
    rows.delete(Table.UPKEEP, key);
    RowReader reader = Upkeep.EXPIRY.reader(key);
    long moment = reader.i64();
    byte[] entry = Arrays.copyOfRange(key, ENTRY_OFFSET, key.length);
    byte[] stored = rocks.get(Table.INDEX, entry);
    IndexRow.Head found =
        stored == null ? null : IndexRow.head(new RowReader(stored, rocks.name(Table.INDEX)));
    if (found == null || found.version().number() != Upkeep.number(row, rocks.name(Table.UPKEEP))) {
      if (moment(entry) == moment) {
        rows.delete(Table.UPKEEP, Upkeep.EXPIRES.key(entry));
      }
      return 0;
    }
    rows.delete(Table.ENTRIES, entry);
    rows.delete(Table.INDEX, entry);
    rows.delete(Table.UPKEEP, Upkeep.EXPIRES.key(entry));
    garbage.add(entry, found.version(), clock.millis(), rows);
    return found.valueBytes();
  }
}
