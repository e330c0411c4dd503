package selvedge.engine.store.rocks;

import java.util.Arrays;
import selvedge.engine.store.row.RowReader;
import selvedge.engine.store.row.RowWriter;
import selvedge.model.Bytes;
import selvedge.model.Version;

/**
 * Ranges of entries that were cleared, and whose large values are not recorded as garbage yet.
 * Confined to the writer.
 *
 * <p>A clear itself writes a single row, however many large values it removes. Upkeep then searches
 * the range in bounded pieces.
 */
final class ClearedRanges {
  private final Tables rocks;
  private final Garbage garbage;
  private final int rowsMax;
  private boolean waiting;

  ClearedRanges(Tables rocks, Garbage garbage, int rowsMax) {
    this.rocks = rocks;
    this.garbage = garbage;
    this.rowsMax = rowsMax;
    try (Scan scan = scan()) {
      this.waiting = scan.next();
    }
  }

  private Scan scan() {
    return rocks.scan(Table.UPKEEP, Upkeep.CLEARED.start(), Upkeep.CLEARED.end());
  }

  /** Records that the entries from {@code start} to before {@code end} were cleared. */
  void add(Version version, long atMillis, byte[] start, byte[] end, WriteSet rows) {
    waiting = true;
    rows.put(Table.UPKEEP, Upkeep.CLEARED.key(version.number()), row(atMillis, start, end));
  }

  private static byte[] row(long atMillis, byte[] start, byte[] end) {
    return new RowWriter(Long.BYTES + Short.BYTES + start.length + end.length)
        .i64(atMillis)
        .shortBytes(Bytes.adopt(start))
        .bytes(Bytes.adopt(end))
        .row();
  }

  /**
   * Does a piece of the oldest range, and returns whether more work remains.
   *
   * @param latest the version of the store, at which no entry refers to the values that are found
   */
  boolean collect(Version latest) {
    if (!waiting) {
      return false;
    }
    try (WriteSet rows = rocks.writeSet();
        Scan scan = scan()) {
      if (!scan.next()) {
        waiting = false;
        return false;
      }
      collect(scan.key(), new RowReader(scan.row(), rocks.name(Table.UPKEEP)), latest, rows);
      rocks.writeUnlogged(rows);
    }
    return true;
  }

  private void collect(byte[] range, RowReader row, Version latest, WriteSet rows) {
    long atMillis = row.i64();
    byte[] next = Upkeep.LARGE.key(row.shortBytes().toArray());
    byte[] end = row.rest().toArray();
    int seen = 0;
    try (Scan scan = rocks.scan(Table.UPKEEP, next, Upkeep.LARGE.key(end))) {
      while (seen < rowsMax && scan.next()) {
        byte[] key = scan.key();
        byte[] entry = Arrays.copyOfRange(key, 1, key.length);
        if (rocks.get(Table.INDEX, entry) == null) {
          rows.delete(Table.UPKEEP, key);
          garbage.add(Upkeep.chunked(scan.row(), rocks.name(Table.UPKEEP)), latest, atMillis, rows);
        }
        next = Arrays.copyOf(key, key.length + 1);
        seen++;
      }
    }
    if (seen == rowsMax) {
      rows.put(Table.UPKEEP, range, row(atMillis, Arrays.copyOfRange(next, 1, next.length), end));
    } else {
      rows.delete(Table.UPKEEP, range);
    }
  }
}
