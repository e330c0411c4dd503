package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last acknowledged write of each key of one writer, and the writes that were started after it.
 * Belongs to one thread at a time.
 */
final class Ledger {
  private final Map<String, Page> pages = new LinkedHashMap<>();

  /** The writes of one key. */
  private static final class Page {
    private Stamp acknowledged = Stamp.ABSENT;
    private long version;
    private final List<Stamp> started = new ArrayList<>();
  }

  Ledger(List<String> keys) {
    keys.forEach(key -> pages.put(key, new Page()));
  }

  Set<String> keys() {
    return pages.keySet();
  }

  private Page page(String key) {
    return pages.computeIfAbsent(key, _ -> new Page());
  }

  Stamp acknowledged(String key) {
    return page(key).acknowledged;
  }

  /** Returns the version of the current entry, 0 if it is unknown. */
  long version(String key) {
    return page(key).version;
  }

  void begin(String key, Stamp stamp) {
    page(key).started.add(stamp);
  }

  void acknowledge(String key, Stamp stamp, long version) {
    Page page = page(key);
    page.started.clear();
    page.acknowledged = stamp;
    page.version = version;
  }

  /** Compares the ledger with the entry after a crash, and continues from that entry. */
  void settle(String key, Stamp found, long version) {
    List<Stamp> possible = new ArrayList<>(page(key).started);
    possible.add(page(key).acknowledged);
    assertThat(found)
        .as("the entry of %s after a crash (the first of the allowed ones was acknowledged)", key)
        .isIn(possible);
    acknowledge(key, found, version);
  }
}
