package selvedge.verification.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The answers of replicas, and whether each one is a state of the one order of changes: the state
 * after a prefix of the order, never before what the reader requested, and not older than its age.
 *
 * <p>Confined to one thread.
 */
final class ReplicaHistory {
  /** The version of a key without an entry. */
  static final long ABSENT = 0;

  private final NavigableMap<Long, Change> order = new TreeMap<>();
  private final Map<String, NavigableMap<Long, Change>> byKey = new HashMap<>();

  /** The greatest version that was acknowledged by a moment. */
  private final NavigableMap<Long, Long> acknowledged = new TreeMap<>();

  private final List<String> violations = new ArrayList<>();

  /** A change in the order. */
  record Change(long version, String key, boolean present) {}

  /** A write with its version, and the time of its response. */
  record Acknowledged(long version, long returned) {}

  /**
   * The state that an answer shows.
   *
   * @param reader the reader and the server, for messages
   * @param invoked the time at which the request was sent
   * @param seen the greatest version that the reader had seen, and sent with the request
   * @param written the version of the last write of the reader, also sent with it
   * @param asOf the version that the server names
   * @param age the age that the server names in milliseconds; empty if it does not know it
   */
  record Answer(
      String reader, long invoked, long seen, long written, long asOf, OptionalLong age) {}

  /**
   * @param changes all changes of the keys that are read
   */
  ReplicaHistory(List<Change> changes, List<Acknowledged> writes) {
    for (Change change : changes) {
      order.put(change.version(), change);
      byKey.computeIfAbsent(change.key(), _ -> new TreeMap<>()).put(change.version(), change);
    }
    for (Acknowledged write : writes) {
      acknowledged.merge(write.returned(), write.version(), Math::max);
    }
    long greatest = 0;
    for (Map.Entry<Long, Long> each : acknowledged.entrySet()) {
      greatest = Math.max(greatest, each.getValue());
      each.setValue(greatest);
    }
  }

  List<String> violations() {
    return violations;
  }

  private void violated(String kind, Answer answer, String detail) {
    violations.add(kind + ": " + detail + " in " + answer);
  }

  /**
   * Checks the read of a key whose entry had the version, or {@link #ABSENT}. A server may show
   * changes after the version that it names, also a later removal.
   */
  void read(Answer answer, String key, long version) {
    NavigableMap<Long, Change> own = byKey.getOrDefault(key, new TreeMap<>());
    Change found = own.get(version);
    if (version != ABSENT && (found == null || !found.present())) {
      violated("order", answer, key + " never had the version " + version);
      return;
    }
    Map.Entry<Long, Change> last = own.floorEntry(Math.max(answer.asOf(), version));
    long expected = last == null || !last.getValue().present() ? ABSENT : last.getKey();
    boolean removedLater =
        version == ABSENT
            && own.tailMap(answer.asOf(), false).values().stream()
                .anyMatch(each -> !each.present());
    if (expected != version && !removedLater) {
      violated("prefix", answer, key + " has version " + version + " in place of " + expected);
    }
    position(answer);
  }

  /** Checks a list of all keys with a prefix. */
  void listed(Answer answer, String prefix, Set<String> keys) {
    Set<String> state = new TreeSet<>();
    order.headMap(answer.asOf(), true).values().forEach(each -> apply(each, prefix, state));
    boolean equal = state.equals(keys);
    for (Change later : order.tailMap(answer.asOf(), false).values()) {
      if (equal) {
        break;
      }
      apply(later, prefix, state);
      equal = state.equals(keys);
    }
    if (!equal) {
      violated("list", answer, "no prefix of the order has the keys " + keys);
    }
    position(answer);
  }

  private static void apply(Change change, String prefix, Set<String> state) {
    if (change.key().startsWith(prefix)) {
      boolean _ = change.present() ? state.add(change.key()) : state.remove(change.key());
    }
  }

  private void position(Answer answer) {
    if (answer.asOf() < answer.seen()) {
      violated("monotonic", answer, "the reader had seen a later version");
    }
    if (answer.asOf() < answer.written()) {
      violated("read your writes", answer, "the reader had written a later version");
    }
    if (answer.age().isPresent()) {
      long nanos = Duration.ofMillis(answer.age().getAsLong() + 1).toNanos();
      Map.Entry<Long, Long> before = acknowledged.lowerEntry(answer.invoked() - nanos);
      if (before != null && answer.asOf() < before.getValue()) {
        violated(
            "age", answer, "version " + before.getValue() + " was acknowledged before that age");
      }
    }
  }

  /** Checks what a watcher received after a version: each change once, in order, without a gap. */
  void watched(String watcher, long after, List<Change> received) {
    List<Change> expected = List.copyOf(order.tailMap(after, false).values());
    for (int i = 0; i < received.size(); i++) {
      if (i >= expected.size() || !received.get(i).equals(expected.get(i))) {
        violations.add(
            "watch: "
                + watcher
                + " received "
                + received.get(i)
                + " in place of "
                + (i < expected.size() ? expected.get(i) : "nothing"));
        return;
      }
    }
    if (received.size() < expected.size()) {
      violations.add("watch: " + watcher + " did not receive " + expected.get(received.size()));
    }
  }
}
