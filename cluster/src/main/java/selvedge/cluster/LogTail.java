package selvedge.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * The newest entries of the log of a voter: how many of them are kept for the other voters, and
 * when the next mark is due. Belongs to the thread that applies the log.
 */
final class LogTail {
  /** Entries that a start replays, at most, unless an upload or a commit is open for longer. */
  static final int MARK_ENTRIES = 5_000;

  /** The marks within the bytes that are kept. */
  private static final int MARKS = 256;

  /** A mark is synced, so a small log must not have one for each entry. */
  private static final long MARK_BYTES_MIN = 1 << 16;

  private final Supplier<LogSize> kept;
  private final Deque<Row> rows = new ArrayDeque<>();
  private long bytes;
  private long released = -1;
  private int unmarked;
  private long unmarkedBytes;

  private record Row(TermIndex place, long bytes) {}

  /**
   * @param kept how much is kept
   */
  LogTail(Supplier<LogSize> kept) {
    this.kept = kept;
  }

  /** Adds an entry, and releases those that are not kept any more. The newest one always is. */
  void add(TermIndex place, long size) {
    rows.addLast(new Row(place, size));
    bytes += size;
    unmarked++;
    unmarkedBytes += size;
    LogSize most = kept.get();
    while (rows.size() > 1 && new LogSize(bytes, rows.size()).exceeds(most)) {
      Row oldest = rows.removeFirst();
      bytes -= oldest.bytes();
      released = oldest.place().getIndex();
    }
  }

  /** Returns the index up to which no entry is kept; -1 if all of this process are. */
  long released() {
    return released;
  }

  /** Returns the place with an index, if its entry is kept. */
  Optional<TermIndex> find(long index) {
    return rows.stream().map(Row::place).filter(each -> each.getIndex() == index).findFirst();
  }

  boolean isMarkDue() {
    return unmarked >= MARK_ENTRIES
        || unmarkedBytes >= Math.max(MARK_BYTES_MIN, kept.get().bytes() / MARKS);
  }

  /** Waits as long again for the next mark, whether or not one could be made. */
  void marked() {
    unmarked = 0;
    unmarkedBytes = 0;
  }
}
