package selvedge.server.analytics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.NamespaceId;

/**
 * The operations of one kind.
 *
 * @param namespace the namespace, or {@link #OTHER}
 * @param place the location of the server that answered
 * @param bytesIn of the bodies of requests
 * @param bytesOut of the bodies of answers
 * @param durations from the head of a request to its answer; their number is the number of requests
 */
public record Row(
    NamespaceId namespace,
    String place,
    Operation operation,
    int status,
    long bytesIn,
    long bytesOut,
    Sketch durations) {

  /** Stands for all namespaces that had too few operations to be counted apart. */
  public static final NamespaceId OTHER = new NamespaceId("f".repeat(32));

  /** What rows must have in common to be added up. */
  private record Kind(NamespaceId namespace, String place, Operation operation, int status) {}

  /** Returns the number of requests. */
  public long count() {
    return durations.count();
  }

  /** Returns the same operations without their namespace. */
  Row folded() {
    return new Row(OTHER, place, operation, status, bytesIn, bytesOut, durations);
  }

  /** Returns the sum of two rows of the same kind, which shares nothing with them. */
  private Row plus(Row other) {
    var sum = new Sketch();
    sum.add(durations);
    sum.add(other.durations);
    return new Row(
        namespace,
        place,
        operation,
        status,
        bytesIn + other.bytesIn,
        bytesOut + other.bytesOut,
        sum);
  }

  /** Adds up the rows of the same kind. */
  static List<Row> merged(List<Row> rows) {
    Map<Kind, Row> sums = new LinkedHashMap<>();
    rows.forEach(
        row ->
            sums.merge(
                new Kind(row.namespace, row.place, row.operation, row.status), row, Row::plus));
    return new ArrayList<>(sums.values());
  }
}
