package selvedge.server.analytics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.NamespaceId;

/** How much a namespace stored at one moment. */
public record Stored(NamespaceId namespace, long keys, long bytes) {

  /** Returns the last amount of each namespace. */
  static List<Stored> newest(List<Stored> amounts) {
    Map<NamespaceId, Stored> last = new LinkedHashMap<>();
    amounts.forEach(amount -> last.put(amount.namespace, amount));
    return new ArrayList<>(last.values());
  }

  private Stored plus(Stored other) {
    return new Stored(namespace, keys + other.keys, bytes + other.bytes);
  }

  /** Returns the sum of the amounts, without their namespaces. */
  static List<Stored> folded(List<Stored> amounts) {
    return amounts.stream()
        .map(each -> new Stored(Row.OTHER, each.keys, each.bytes))
        .reduce(Stored::plus)
        .map(List::of)
        .orElse(List.of());
  }
}
