package selvedge.engine.summary;

import java.time.Instant;
import java.util.Map;
import selvedge.model.NamespaceId;

/**
 * The counts of all namespaces that have a summary, as of one version and one moment. Immutable but
 * for the users of its view.
 */
record SummaryState(SharedView shared, Instant at, Map<NamespaceId, Counts> counts) {
  SummaryState {
    counts = Map.copyOf(counts);
  }
}
