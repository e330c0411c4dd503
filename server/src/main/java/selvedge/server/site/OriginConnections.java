package selvedge.server.site;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Position;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.server.api.v1.EdgeReports;
import selvedge.server.edge.Chain;
import selvedge.server.edge.CircleException;
import selvedge.server.edge.Upstream;

/** Opens the connections of an edge to its origin. Safe for use by many threads. */
final class OriginConnections {
  private static final Logger LOG = LoggerFactory.getLogger(OriginConnections.class);
  private static final Duration ASKING = Duration.ofSeconds(5);

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
    return open(
        followed.address(),
        context.limits().seconds(Limit.HEARTBEAT_SECONDS).multipliedBy(3),
        report);
  }

  /**
   * Throws an {@link InvalidRequestException} if a server follows this one. One that cannot be
   * asked now may be followed: the edge finds that out later.
   */
  void requireNoCircle(String addresses, Chain chain) {
    try (Upstream upstream = open(addresses, ASKING, new Asking(chain))) {
      Position _ = upstream.position();
    } catch (CircleException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      LOG.debug("{} was not asked whether it follows this server", addresses, e);
    }
  }

  /**
   * Throws an {@link InvalidRequestException} if an origin of this cluster answers, because writes
   * that it accepts after a promotion are lost.
   */
  void requireSilent(Chain chain) {
    try (Upstream upstream = open(followed.address(), ASKING, new Asking(chain))) {
      if (upstream.answers()) {
        throw new InvalidRequestException(
            "the origin " + upstream + " still answers: stop it first, or use --force");
      }
    }
  }

  /** Reports nothing, and compares the chain of the other server. */
  private record Asking(Chain chain) implements Upstream.Report {
    @Override
    public Bytes bytes() {
      return EdgeReports.NOTHING;
    }

    @Override
    public boolean closes(String other) {
      return chain.isIn(other);
    }
  }

  private Upstream open(String addresses, Duration patience, Upstream.Report report) {
    return new Upstream(
        new Upstream.Options(
            Arrays.stream(addresses.split(",", -1)).map(URI::create).toList(),
            context.config().originToken(),
            context.config().cached(),
            patience),
        System::nanoTime,
        report,
        context.trust(),
        this::cluster);
  }

  private Optional<ClusterId> cluster() {
    return Optional.ofNullable(cluster).or(context.config()::cluster);
  }
}
