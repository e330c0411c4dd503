package selvedge.engine.summary;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import selvedge.engine.store.IndexView;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;

/** The count of a part of a namespace, in bounded pieces. Belongs to one thread. */
final class RangeCount {
  private static final int PIECE_ROWS = 4096;

  private final IndexView view;
  private final NamespaceId namespace;
  private final Instant at;
  private final Bytes end;
  private final int rangesMax;
  private List<KeyRange> ranges = new ArrayList<>();
  private long rowsPerRange;
  private Bytes next;
  private Bytes start;
  private long keys;
  private long bytes;
  private long rows;
  private long seen;

  /**
   * @param rangesMax the number of ranges above which they become larger
   */
  RangeCount(IndexView view, NamespaceId namespace, Instant at, Part part, int rangesMax) {
    this.view = view;
    this.namespace = namespace;
    this.at = at;
    this.end = part.end();
    this.rangesMax = rangesMax;
    this.rowsPerRange = part.rowsPerRange();
    this.next = part.start();
    this.start = part.start();
  }

  /** The keys from a start to an end, which is excluded, in ranges of a fixed number of rows. */
  record Part(Bytes start, Bytes end, long rowsPerRange) {}

  /** Counts a bounded number of rows, and returns whether all are counted. */
  boolean step() {
    try (IndexView.Rows scan = view.rows(namespace, next, end)) {
      for (int i = 0; i < PIECE_ROWS; i++) {
        if (!scan.next()) {
          close(end);
          return true;
        }
        Bytes key = scan.key();
        if (rows >= rowsPerRange) {
          close(key);
        }
        add(key, scan);
      }
    }
    return false;
  }

  private void add(Bytes key, IndexView.Rows scan) {
    rows++;
    seen++;
    if (!scan.expiry().hasPassed(at)) {
      keys++;
      bytes += key.size() + scan.valueBytes();
    }
    next = key.successor();
  }

  private void close(Bytes nextStart) {
    ranges.add(new KeyRange(start, new Amount(keys, bytes), rows));
    start = nextStart;
    keys = 0;
    bytes = 0;
    rows = 0;
    if (ranges.size() > rangesMax) {
      widen();
    }
  }

  private void widen() {
    rowsPerRange *= 2;
    List<KeyRange> wider = new ArrayList<>(ranges.size() / 2 + 1);
    for (int i = 0; i < ranges.size(); i += 2) {
      KeyRange range = ranges.get(i);
      wider.add(i + 1 < ranges.size() ? range.with(ranges.get(i + 1)) : range);
    }
    ranges = wider;
  }

  /** Returns the number of rows that were read. */
  long seen() {
    return seen;
  }

  /** Returns about which part of the namespace was read, in percent. */
  int percent() {
    return (int) Math.min(99, 100 * view.part(namespace, next));
  }

  long rowsPerRange() {
    return rowsPerRange;
  }

  List<KeyRange> ranges() {
    return ranges;
  }
}
