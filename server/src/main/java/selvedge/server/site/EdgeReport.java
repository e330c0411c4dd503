package selvedge.server.site;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.server.access.TokenUse;
import selvedge.server.analytics.Analytics;
import selvedge.server.api.v1.EdgeFacts;
import selvedge.server.api.v1.EdgeReports;
import selvedge.server.audit.PendingActs;
import selvedge.server.edge.Chain;
import selvedge.server.edge.Upstream;

/**
 * What an edge reports to its origin: its status, and the facts that the origin has not confirmed.
 * An edge that would follow itself reports nothing, because each report would contain the last one.
 * One thread reports; any thread may set the parts, which exist only once the edge is open.
 */
final class EdgeReport implements Upstream.Report {
  private final @Nullable Chain chain;
  private volatile @Nullable Parts parts;
  private volatile boolean circle;
  private EdgeFacts sent = new EdgeFacts(0, List.of(), Map.of(), Bytes.EMPTY);

  /** The parts of an open edge. */
  private record Parts(StatusReport status, PendingActs acts, TokenUse use, Analytics analytics) {}

  /**
   * @param chain of this process; null for a voter, whose leader may have followed it a moment ago
   */
  EdgeReport(@Nullable Chain chain) {
    this.chain = chain;
  }

  void open(StatusReport status, PendingActs acts, TokenUse use, Analytics analytics) {
    parts = new Parts(status, acts, use, analytics);
  }

  @Override
  public Bytes bytes() {
    Parts open = parts;
    if (open == null || circle) {
      return EdgeReports.NOTHING;
    }
    sent =
        new EdgeFacts(
            sent.number() + 1,
            open.acts().oldest(EdgeFacts.ACTS_MAX),
            open.use().unreported(EdgeFacts.USES_MAX),
            open.analytics().unsent());
    return open.status().bytes(sent);
  }

  @Override
  public void confirmed(long number, long numbers) {
    Parts open = parts;
    if (open != null) {
      open.analytics().confirmed(numbers);
    }
    if (open != null && number > 0 && number == sent.number()) {
      open.acts().remove(sent.acts());
      open.use().reported(sent.uses());
    }
  }

  @Override
  public boolean closes(String other) {
    if (chain != null) {
      circle = chain.follow(other);
    }
    return circle;
  }
}
