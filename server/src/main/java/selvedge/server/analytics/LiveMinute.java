package selvedge.server.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import selvedge.model.NamespaceId;

/**
 * The operations of the current minute. Safe for use by many threads, which are spread over parts,
 * so that few of them change the same counters.
 */
final class LiveMinute {
  private static final int PARTS_MAX = 8;

  /** Further namespaces count as {@link Row#OTHER}. */
  private static final int NAMESPACES_MAX = 10_000;

  private static final int CELLS = Operation.COUNT * Statuses.COUNT;

  private final long start;

  /** The namespaces that metrics show apart. */
  private final Set<NamespaceId> named = ConcurrentHashMap.newKeySet();

  private final long namedMax;
  private final List<ConcurrentHashMap<NamespaceId, Cells>> parts = new ArrayList<>();

  /** The operations of a namespace by type and status. */
  private static final class Cells {
    private final AtomicReferenceArray<@Nullable LiveCell> all = new AtomicReferenceArray<>(CELLS);

    LiveCell at(int place) {
      LiveCell cell = all.get(place);
      if (cell != null) {
        return cell;
      }
      var created = new LiveCell();
      LiveCell other = all.compareAndExchange(place, null, created);
      return other == null ? created : other;
    }
  }

  /**
   * @param start the first second of the minute, since 1970
   * @param named the namespaces that metrics show apart
   * @param namedMax how many there may be; further ones are added as they are used
   */
  LiveMinute(long start, Set<NamespaceId> named, long namedMax) {
    this.start = start;
    this.named.addAll(named);
    this.namedMax = namedMax;
    int processors = Math.min(PARTS_MAX, Runtime.getRuntime().availableProcessors());
    for (int part = 0; part < Integer.highestOneBit(processors); part++) {
      parts.add(new ConcurrentHashMap<>());
    }
  }

  long start() {
    return start;
  }

  Set<NamespaceId> named() {
    return named;
  }

  void add(NamespaceId namespace, Operation operation, int status, long nanos, long in, long out) {
    int part = (int) Thread.currentThread().threadId() & (parts.size() - 1);
    var namespaces = parts.get(part);
    Cells cells = namespaces.get(namespace);
    if (cells == null) {
      name(namespace);
      cells =
          namespaces.computeIfAbsent(
              namespaces.mappingCount() < NAMESPACES_MAX ? namespace : Row.OTHER, _ -> new Cells());
    }
    int place = operation.code() * Statuses.COUNT + Statuses.index(status);
    cells.at(place).add(nanos, in, out);
  }

  /** A namespace is named before its first operation counts, so that no count moves. */
  private void name(NamespaceId namespace) {
    synchronized (named) {
      if (named.size() < namedMax) {
        named.add(namespace);
      }
    }
  }

  /** Returns the operations so far. */
  List<Row> rows(String location) {
    List<Row> rows = new ArrayList<>();
    for (var namespaces : parts) {
      namespaces.forEach((namespace, cells) -> addRows(rows, location, namespace, cells));
    }
    return Row.merged(rows);
  }

  private static void addRows(List<Row> rows, String location, NamespaceId namespace, Cells cells) {
    for (int place = 0; place < CELLS; place++) {
      LiveCell cell = cells.all.get(place);
      if (cell != null) {
        rows.add(
            new Row(
                namespace,
                location,
                Operation.at(place / Statuses.COUNT),
                Statuses.at(place % Statuses.COUNT),
                cell.bytesIn(),
                cell.bytesOut(),
                cell.sketch()));
      }
    }
  }
}
