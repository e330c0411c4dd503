package selvedge.engine.summary;

import java.util.ArrayList;
import java.util.List;
import selvedge.engine.store.row.KeySpace;
import selvedge.model.Bytes;

/**
 * The ranges of a namespace in order. The first one starts before every key. Belongs to the thread
 * of the summaries.
 */
final class KeyRanges {
  private final int rangesMax;
  private List<KeyRange> ranges;
  private long rowsMax;

  /**
   * @param rowsMax the number of rows above which a range is counted again, and divided
   * @param rangesMax the number of ranges above which they become larger
   */
  KeyRanges(List<KeyRange> ranges, long rowsMax, int rangesMax) {
    this.ranges = new ArrayList<>(ranges);
    this.rowsMax = rowsMax;
    this.rangesMax = rangesMax;
  }

  int size() {
    return ranges.size();
  }

  long rowsMax() {
    return rowsMax;
  }

  KeyRange get(int index) {
    return ranges.get(index);
  }

  KeyRange of(Bytes key) {
    return ranges.get(indexOf(key));
  }

  /** Returns the first key after a range. */
  Bytes end(int index) {
    return index + 1 < ranges.size() ? ranges.get(index + 1).start() : KeySpace.AFTER_ANY_KEY;
  }

  private int indexOf(Bytes key) {
    int low = 0;
    int high = ranges.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ranges.get(middle).start().compareTo(key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Marks the ranges that may have keys with the prefix; all ranges for an empty prefix. */
  void expire(Bytes prefix) {
    int last = indexOf(prefix.plus(KeySpace.AFTER_ANY_KEY));
    for (int i = indexOf(prefix); i <= last; i++) {
      ranges.get(i).expire();
    }
  }

  /** Returns whether a range must be counted again. */
  boolean mustCount(int index) {
    KeyRange range = ranges.get(index);
    return range.isStale() || range.rows() > rowsMax;
  }

  /** Replaces a range by those that were counted in its place. */
  void replace(int index, List<KeyRange> counted) {
    ranges.remove(index);
    ranges.addAll(index, counted);
  }

  /** Joins neighbours that are small together. */
  void join() {
    joinNeighbours();
    while (ranges.size() > rangesMax) {
      rowsMax *= 2;
      joinNeighbours();
    }
  }

  private void joinNeighbours() {
    List<KeyRange> joined = new ArrayList<>(ranges.size());
    for (KeyRange range : ranges) {
      if (!joined.isEmpty() && joined.getLast().rows() + range.rows() <= rowsMax / 2) {
        joined.set(joined.size() - 1, joined.getLast().with(range));
      } else {
        joined.add(range);
      }
    }
    ranges = joined;
  }

  /** Returns the counts as they are now. */
  Counts counts() {
    return new Counts(ranges);
  }
}
