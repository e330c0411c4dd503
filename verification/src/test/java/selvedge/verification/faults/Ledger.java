package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the only writer of some keys knows of them: what was acknowledged last, and what was begun
 * since. Belongs to one thread at a time.
 */
final class Ledger {
  private final Map<String, Page> pages = new LinkedHashMap<>();

  /** The account of one key. */
  private static final class Page {
    private Stamp acknowledged = Stamp.ABSENT;
    private long version;
    private final List<Stamp> begun = new ArrayList<>();
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

  /** The version of what is in place, 0 if it is not known. */
  long version(String key) {
    return page(key).version;
  }

  void begin(String key, Stamp stamp) {
    page(key).begun.add(stamp);
  }

  void acknowledge(String key, Stamp stamp, long version) {
    Page page = page(key);
    page.begun.clear();
    page.acknowledged = stamp;
    page.version = version;
  }

  /** Compares with what is in place after a crash, and goes on from there. */
  void settle(String key, Stamp found, long version) {
    List<Stamp> possible = new ArrayList<>(page(key).begun);
    possible.add(page(key).acknowledged);
    assertThat(found)
        .as("what is under %s after a crash (the last of these was acknowledged)", key)
        .isIn(possible);
    acknowledge(key, found, version);
  }
}
