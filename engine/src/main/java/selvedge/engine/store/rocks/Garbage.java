package selvedge.engine.store.rocks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.row.GarbageRow;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Version;

/**
 * The large values to which no entry refers. Confined to the writer, except for {@link #bytes}.
 *
 * <p>A pass reads all of them in bounded pieces, and frees those that no change in the feed, no
 * open snapshot and no reader needs. The next pass starts at the first value that remained, so that
 * no pass skips the deleted rows of earlier passes.
 */
final class Garbage {
  /** A reader that has found a value opens it in far less time. */
  private static final long LOW_MILLIS = 5000;

  private final Tables rocks;
  private final Chunks chunks;
  private final long replacedMillisMin;
  private final int rowsMax;
  private final long bytesMax;

  /** The row at which the pass continues. */
  private byte[] next = Upkeep.GARBAGE.start();

  /** The first row before {@link #next} that remained. */
  private byte @Nullable [] kept;

  private final LongAdder bytes = new LongAdder();

  private final LongConsumer freeing;

  /**
   * @param freeing receives the size of values that were freed
   */
  Garbage(Tables rocks, Chunks chunks, Limits limits, LongConsumer freeing) {
    this.freeing = freeing;
    this.rocks = rocks;
    this.chunks = chunks;
    this.replacedMillisMin = limits.seconds(Limit.REPLACED_SECONDS_MIN).toMillis();
    this.rowsMax = limits.size(Limit.UPKEEP_ROWS);
    this.bytesMax = limits.get(Limit.UPKEEP_BYTES);
    try (Scan scan = rocks.scan(Table.UPKEEP, Upkeep.GARBAGE.start(), Upkeep.GARBAGE.end())) {
      while (scan.next()) {
        bytes.add(GarbageRow.decode(scan.row(), rocks.name(Table.UPKEEP)).value().length());
      }
    }
  }

  /** Returns the size of the values. Any thread may call this. */
  long bytes() {
    return bytes.sum();
  }

  /** Records the large value of an entry that is deleted, if it has one. */
  void add(byte[] entry, Version version, long sinceMillis, WriteSet rows) {
    byte[] key = Upkeep.LARGE.key(entry);
    byte[] large = chunks.wereReferredTo() ? rocks.get(Table.UPKEEP, key) : null;
    if (large != null) {
      rows.delete(Table.UPKEEP, key);
      add(Upkeep.chunked(large, rocks.name(Table.UPKEEP)), version, sinceMillis, rows);
    }
  }

  /**
   * @param version the change after which no entry refers to the value
   */
  void add(Stored.Chunked value, Version version, long sinceMillis, WriteSet rows) {
    byte[] key = Upkeep.GARBAGE.key(version.number(), value.id());
    rows.put(Table.UPKEEP, key, new GarbageRow(sinceMillis, value).encode());
    bytes.add(value.length());
    if (Arrays.compareUnsigned(key, next) < 0) {
      keep(key);
    }
  }

  private void keep(byte[] key) {
    if (kept == null || Arrays.compareUnsigned(key, kept) < 0) {
      kept = key;
    }
  }

  /**
   * Frees a bounded number of values, and returns whether the pass has more.
   *
   * @param last the version up to which no change and no snapshot needs replaced values
   * @param low whether the disk has little space, so that values are freed sooner
   */
  boolean free(Version last, Instant now, boolean low) {
    long least = low ? Math.min(replacedMillisMin, LOW_MILLIS) : replacedMillisMin;
    long replacedBefore = now.toEpochMilli() - least;
    byte[] end = Upkeep.GARBAGE.key(last.number() + 1);
    List<ValueId> freed = new ArrayList<>();
    int seen = 0;
    long freedBytes = 0;
    try (WriteSet rows = rocks.writeSet()) {
      if (Arrays.compareUnsigned(next, end) < 0) {
        try (Scan scan = rocks.scan(Table.UPKEEP, next, end)) {
          while (seen < rowsMax && freedBytes < bytesMax && scan.next()) {
            byte[] key = scan.key();
            GarbageRow garbage = GarbageRow.decode(scan.row(), rocks.name(Table.UPKEEP));
            next = Arrays.copyOf(key, key.length + 1);
            seen++;
            if (garbage.sinceMillis() <= replacedBefore && chunks.tryFree(garbage.value(), rows)) {
              rows.delete(Table.UPKEEP, key);
              freed.add(garbage.value().id());
              seen += garbage.value().chunks();
              freedBytes += garbage.value().length();
            } else {
              keep(key);
            }
          }
        }
      }
      if (!rows.isEmpty()) {
        rocks.writeUnlogged(rows);
        bytes.add(-freedBytes);
        freeing.accept(freedBytes);
      }
    } catch (RuntimeException | Error e) {
      next = Upkeep.GARBAGE.start();
      throw e;
    } finally {
      freed.forEach(chunks::freed);
    }
    boolean more = seen >= rowsMax || freedBytes >= bytesMax;
    if (!more && kept != null) {
      next = kept;
      kept = null;
    }
    return more;
  }
}
