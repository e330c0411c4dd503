package selvedge.engine.store.journal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.row.JournalRow;
import selvedge.model.Version;

/**
 * The newest batches of the journal in memory, for readers of the feed that are nearly up to date.
 *
 * <p>Safe for use by many threads. Only the writer adds batches.
 */
final class RecentBatches {
  private static final long BYTES_MAX = 1 << 20;

  private final ConcurrentNavigableMap<Version, List<JournalRow>> batches =
      new ConcurrentSkipListMap<>();

  private long bytes;

  void add(Version after, List<JournalRow> rows) {
    batches.put(after, rows);
    bytes += size(rows);
    while (bytes > BYTES_MAX) {
      Map.Entry<Version, List<JournalRow>> oldest = batches.pollFirstEntry();
      bytes -= oldest == null ? bytes : size(oldest.getValue());
    }
  }

  private static long size(List<JournalRow> rows) {
    return rows.stream().mapToInt(JournalRow::size).sum();
  }

  /** Removes the batches after the version. */
  void forget(Version after) {
    Map<Version, List<JournalRow>> gone = batches.tailMap(after, true);
    bytes -= gone.values().stream().mapToLong(RecentBatches::size).sum();
    gone.clear();
  }

  /**
   * Adds the rows after one version and up to another one to the list; adds none if they are not in
   * memory.
   */
  void read(Version version, Version last, int limit, List<JournalRow> rows) {
    Map.@Nullable Entry<Version, List<JournalRow>> batch = batches.floorEntry(version);
    while (batch != null && batch.getKey().compareTo(last) < 0 && rows.size() < limit) {
      for (JournalRow each : batch.getValue()) {
        if (each.version().compareTo(version) > 0
            && each.version().compareTo(last) <= 0
            && rows.size() < limit) {
          rows.add(each);
        }
      }
      Version end = batch.getValue().getLast().version();
      Map.@Nullable Entry<Version, List<JournalRow>> next = batches.higherEntry(batch.getKey());
      batch = next != null && next.getKey().equals(end) ? next : null;
    }
  }
}
