package selvedge.engine.summary;

import java.util.Arrays;
import java.util.List;
import selvedge.model.Bytes;

/** The amounts before each range of a namespace. Immutable. */
final class Counts {
  private final Bytes[] starts;
  private final long[] keys;
  private final long[] bytes;

  Counts(List<KeyRange> ranges) {
    int size = ranges.size();
    starts = new Bytes[size];
    keys = new long[size + 1];
    bytes = new long[size + 1];
    for (int i = 0; i < size; i++) {
      KeyRange range = ranges.get(i);
      starts[i] = range.start();
      keys[i + 1] = keys[i] + range.amount().keys();
      bytes[i + 1] = bytes[i] + range.amount().bytes();
    }
  }

  int size() {
    return starts.length;
  }

  /** Returns the index of the range of a key. */
  int indexOf(Bytes key) {
    int found = Arrays.binarySearch(starts, key);
    return found >= 0 ? found : -found - 2;
  }

  /** Returns the index of the range with the entry at a position, counted from 0. */
  int indexOf(long position) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (keys[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  Bytes start(int index) {
    return starts[index];
  }

  /** Returns the amount of all ranges before one. */
  Amount before(int index) {
    return new Amount(keys[index], bytes[index]);
  }

  Amount all() {
    return before(starts.length);
  }
}
