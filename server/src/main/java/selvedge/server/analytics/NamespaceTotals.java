package selvedge.server.analytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import selvedge.model.NamespaceId;

/**
 * The operations at this server since its start: those of its busiest namespaces apart, and those
 * of all others as {@link Row#OTHER}. Safe for use by many threads.
 *
 * <p>A count never falls. A namespace that becomes quiet loses its counts, which are not added to
 * the others, and one that becomes busy begins at zero.
 */
final class NamespaceTotals {
  /** The weight of the past: activity halves in about eleven minutes. */
  private static final double DECAY = 15.0 / 16;

  private static final double FORGOTTEN = 0.5;

  /** How much busier another namespace must be to take the place of a named one. */
  private static final double ADVANTAGE = 2;

  private List<Row> ended = new ArrayList<>();
  private final Map<NamespaceId, Double> activity = new HashMap<>();

  /** The last amounts that were counted. */
  private final Map<NamespaceId, Stored> stored = new HashMap<>();

  /**
   * Adds the operations of a minute that has ended.
   *
   * @param named the namespaces that the current minute counts apart
   */
  synchronized void add(LiveMinute minute, Set<NamespaceId> named) {
    List<Row> rows = new ArrayList<>(ended);
    rows.addAll(labelled(minute));
    rows.removeIf(row -> !row.namespace().equals(Row.OTHER) && !named.contains(row.namespace()));
    ended = Row.merged(rows);
    activity.replaceAll((_, value) -> value * DECAY);
    activity.values().removeIf(value -> value < FORGOTTEN);
    for (Row row : minute.rows("")) {
      activity.merge(row.namespace(), (double) row.count(), Double::sum);
    }
    activity.remove(Row.OTHER);
  }

  /**
   * Returns the namespaces that the next minute must count apart.
   *
   * @param named those of the current minute
   * @param most how many there may be
   */
  synchronized Set<NamespaceId> busiest(Set<NamespaceId> named, long most) {
    Set<NamespaceId> known = new HashSet<>(named);
    known.addAll(activity.keySet());
    known.addAll(stored.keySet());
    return known.stream()
        .sorted(
            Comparator.comparingDouble((NamespaceId id) -> -weight(id, named))
                .thenComparing(id -> !named.contains(id))
                .thenComparing(Comparator.naturalOrder()))
        .limit(most)
        .collect(Collectors.toUnmodifiableSet());
  }

  private double weight(NamespaceId id, Set<NamespaceId> named) {
    return activity.getOrDefault(id, 0.0) * (named.contains(id) ? ADVANTAGE : 1);
  }

  /**
   * Returns the sums, also of minutes that have not ended.
   *
   * @param current the minutes that were not added, null for none
   */
  synchronized List<Row> rows(@Nullable LiveMinute... current) {
    List<Row> rows = new ArrayList<>(ended);
    for (LiveMinute minute : current) {
      if (minute != null) {
        rows.addAll(labelled(minute));
      }
    }
    return Row.merged(rows);
  }

  private static List<Row> labelled(LiveMinute minute) {
    return minute.rows("").stream()
        .map(row -> minute.named().contains(row.namespace()) ? row : row.folded())
        .toList();
  }

  /** Records amounts that namespaces store; one without keys is forgotten. */
  synchronized void add(List<Stored> amounts) {
    for (Stored amount : amounts) {
      if (amount.keys() == 0) {
        stored.remove(amount.namespace());
      } else {
        stored.put(amount.namespace(), amount);
      }
    }
  }

  /** Returns the last amounts of the named namespaces, and the sum of the others. */
  synchronized List<Stored> stored(Set<NamespaceId> named) {
    Map<Boolean, List<Stored>> parts =
        stored.values().stream()
            .collect(Collectors.partitioningBy(each -> named.contains(each.namespace())));
    List<Stored> amounts = new ArrayList<>(parts.getOrDefault(true, List.of()));
    amounts.addAll(Stored.folded(parts.getOrDefault(false, List.of())));
    return amounts;
  }

  /** Forgets the amounts, which are those of another store from now on. */
  synchronized void forgetStored() {
    stored.clear();
  }
}
