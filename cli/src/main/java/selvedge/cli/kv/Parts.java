package selvedge.cli.kv;

import java.util.ArrayList;
import java.util.List;

/** Splits the keys of a page, so that no part has too many values in memory. */
final class Parts {
  private static final long BYTES_MAX = 8 << 20;

  private Parts() {}

  static List<List<Side.ListedKey>> of(List<Side.ListedKey> keys, int rows) {
    List<List<Side.ListedKey>> parts = new ArrayList<>();
    List<Side.ListedKey> part = new ArrayList<>();
    long bytes = 0;
    for (Side.ListedKey item : keys) {
      if (!part.isEmpty() && (part.size() == rows || bytes + item.bytes() > BYTES_MAX)) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(item);
      bytes += Math.max(0, item.bytes());
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
