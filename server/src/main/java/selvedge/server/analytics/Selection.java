package selvedge.server.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import selvedge.model.InvalidRequestException;
import selvedge.server.analytics.FrameFiles.Kind;

/**
 * The operations of a span of time that a caller may see. Immutable.
 *
 * @param from the first second, since 1970
 * @param to the second after the last one
 * @param step the seconds of a group by time
 */
public record Selection(long from, long to, long step, RowFilter rows) {
  private static final int GROUPS_MAX = 100_000;

  /** About the most memory of a group: its sketch, its sums, and its text in an answer. */
  static final long GROUP_BYTES = 2048;

  static final long SAMPLE_BYTES = 128;

  /** Holds memory for a result while it grows. */
  public interface Growth {

    /** Holds more bytes, or throws an exception if there are none. */
    void hold(long bytes);
  }

  /** Selects operations. */
  public interface RowFilter {

    /**
     * Returns whether the operations count.
     *
     * @param time the first second of their minute or hour, since 1970
     */
    boolean test(long time, Row row);
  }

  /** An amount at a moment. */
  public record Sample(long time, Stored stored) {

    /** Returns no operations, of the same namespace. */
    public Row row() {
      return new Row(stored.namespace(), "", Operation.READ, 0, 0, 0, new Sketch());
    }
  }

  public Selection {
    if (from >= to) {
      throw new InvalidRequestException("the span of time must end after it begins");
    }
  }

  /** Returns whether whole hours are read, because minutes are not kept that long. */
  private boolean isByHour(long now) {
    return from < Kind.MINUTES.horizon(now);
  }

  /** Returns the first second that is read: the span begins with a whole minute or hour. */
  private long start(long now) {
    return (isByHour(now) ? Kind.HOURS : Kind.MINUTES).start(from);
  }

  /**
   * Returns the sums of the groups, in their order.
   *
   * @param growth is called for each group
   * @throws InvalidRequestException if there are too many
   */
  public Map<Group, Total> totals(Analytics analytics, Set<Dimension> by, Growth growth) {
    long now = analytics.now();
    Map<Group, Total> totals = new TreeMap<>();
    analytics.read(
        isByHour(now),
        start(now),
        to,
        frame -> {
          long time = frame.start() - Math.floorMod(frame.start(), step);
          for (Row row : frame.rows()) {
            if (rows.test(frame.start(), row)) {
              total(totals, Group.of(row, time, by), growth).add(row);
            }
          }
          if (totals.size() > GROUPS_MAX) {
            throw new InvalidRequestException(
                "the answer would have more than "
                    + GROUPS_MAX
                    + " groups: choose a shorter time, one namespace, or fewer dimensions");
          }
        });
    return totals;
  }

  /**
   * Returns the sums of groups that differ by time, over all times.
   *
   * @param growth is called for each group
   */
  public static Map<Group, Total> overTime(Map<Group, Total> points, Growth growth) {
    Map<Group, Total> totals = new TreeMap<>();
    points.forEach((group, total) -> total(totals, group.overTime(), growth).add(total));
    return totals;
  }

  private static Total total(Map<Group, Total> totals, Group group, Growth growth) {
    return totals.computeIfAbsent(
        group,
        _ -> {
          growth.hold(GROUP_BYTES);
          return new Total();
        });
  }

  /**
   * Returns the amounts of the namespaces, in the order of time.
   *
   * @param growth is called for each amount
   */
  public List<Sample> samples(Analytics analytics, Predicate<Stored> amounts, Growth growth) {
    long now = analytics.now();
    List<Sample> samples = new ArrayList<>();
    analytics.read(
        isByHour(now),
        start(now),
        to,
        frame ->
            frame.stored().stream()
                .filter(amounts)
                .forEach(
                    stored -> {
                      growth.hold(SAMPLE_BYTES);
                      samples.add(new Sample(frame.start(), stored));
                    }));
    samples.sort((one, other) -> Long.compare(one.time(), other.time()));
    return samples;
  }
}
