package selvedge.server.analytics;

import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import selvedge.model.NamespaceId;

/**
 * What the operations of a group have in common. A part is null, or 0, if groups do not differ by
 * it.
 *
 * @param time the first second, since 1970
 */
public record Group(
    long time,
    @Nullable NamespaceId namespace,
    @Nullable String place,
    @Nullable Operation operation,
    int status)
    implements Comparable<Group> {
  private static final Comparator<Group> ORDER =
      Comparator.comparingLong(Group::time)
          .thenComparing(Group::namespace, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Group::place, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Group::operation, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparingInt(Group::status);

  /** Returns the group of operations at a time. */
  public static Group of(Row row, long time, Set<Dimension> by) {
    return new Group(
        by.contains(Dimension.TIME) ? time : 0,
        by.contains(Dimension.NAMESPACE) ? row.namespace() : null,
        by.contains(Dimension.PLACE) ? row.place() : null,
        by.contains(Dimension.OPERATION) ? row.operation() : null,
        by.contains(Dimension.STATUS) ? row.status() : 0);
  }

  /** Returns the group at all times. */
  Group overTime() {
    return new Group(0, namespace, place, operation, status);
  }

  @Override
  public int compareTo(Group other) {
    return ORDER.compare(this, other);
  }
}
