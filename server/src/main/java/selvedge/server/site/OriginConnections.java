package selvedge.server.site;

import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.ClusterId;
import selvedge.model.Limit;
import selvedge.server.edge.Upstream;

/** Opens the connections of an edge to its origin. Safe for use by many threads. */
final class OriginConnections {
  private final SiteContext context;
  private final FollowedOrigin followed;
  private volatile @Nullable ClusterId cluster;

  OriginConnections(SiteContext context, FollowedOrigin followed) {
    this.context = context;
    this.followed = followed;
  }

  /** Records the cluster of the store in use. Later requests name it. */
  void belongTo(ClusterId id) {
    cluster = id;
  }

  /**
   * Opens connections to the origin.
   *
   * @param report what this edge reports with each request for the position
   */
  Upstream open(Upstream.Report report) {
    return new Upstream(
        new Upstream.Options(
            Arrays.stream(followed.address().split(",", -1)).map(URI::create).toList(),
            context.config().originToken(),
            context.config().cached(),
            context.limits().seconds(Limit.HEARTBEAT_SECONDS).multipliedBy(3)),
        System::nanoTime,
        report,
        context.trust(),
        this::cluster);
  }

  private Optional<ClusterId> cluster() {
    return Optional.ofNullable(cluster).or(context.config()::cluster);
  }
}
