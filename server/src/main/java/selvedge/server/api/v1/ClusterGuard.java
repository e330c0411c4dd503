package selvedge.server.api.v1;

import java.util.Optional;
import selvedge.engine.replication.Descent;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.shared.LineageCheck;

/** Refuses data for servers of another cluster, and reports of them. */
final class ClusterGuard {
  private static final int PRECONDITION_FAILED = 412;

  private ClusterGuard() {}

  /** Throws if the request names another cluster. Older servers name none. */
  static void require(Request request, Descent here) {
    Optional<String> cluster = request.header(HeaderNames.SELVEDGE_CLUSTER);
    if (cluster.isPresent() && !cluster.get().equals(here.cluster().toString())) {
      throw foreign(here, cluster.get());
    }
  }

  static V1Failure foreign(Descent here, String other) {
    return new V1Failure(
        PRECONDITION_FAILED, LineageCheck.OTHER_CLUSTER, LineageCheck.otherCluster(here, other));
  }
}
