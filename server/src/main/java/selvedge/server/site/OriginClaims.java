package selvedge.server.site;

import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Descent;
import selvedge.model.InvalidRequestException;
import selvedge.model.Version;
import selvedge.server.access.Caller;
import selvedge.server.access.Tokens;
import selvedge.server.api.v1.FeedEndpoint;

/**
 * Begins a new lineage at an origin when a replica has changes of the lineage that the origin
 * lacks, for example after its directory was replaced by an older copy. Safe for use by many
 * threads.
 */
final class OriginClaims implements FeedEndpoint.Claims {
  private static final Logger LOG = LoggerFactory.getLogger(OriginClaims.class);

  private final Origin origin;
  private final Tokens tokens;
  private final LineageStatus status;
  private final InstantSource clock;

  OriginClaims(Origin origin, Tokens tokens, LineageStatus status, InstantSource clock) {
    this.origin = origin;
    this.tokens = tokens;
    this.status = status;
    this.clock = clock;
  }

  @Override
  public boolean hear(Caller caller, Descent replica, Version agreed) {
    String token = tokens.name(caller.tokenId());
    Version elsewhere = replica.latest();
    switch (origin.beginLineage(agreed, elsewhere)) {
      case BEGUN -> {
        LOG.warn(
            "a replica (token {}) has version {}, but {}. The origin continues under the epoch {}"
                + " from version {}; the replica keeps its other changes in a store of their own",
            token,
            elsewhere,
            reason(agreed),
            origin.epoch(),
            origin.latest());
        status.begunLineage(clock.instant(), agreed, elsewhere);
      }
      case BEGUN_BEFORE ->
          LOG.warn(
              "a replica (token {}) has version {}, but {}. This origin has already begun a new"
                  + " lineage since its start, so it begins no other one",
              token,
              elsewhere,
              reason(agreed));
      case IMPOSSIBLE -> {
        String message =
            "version "
                + elsewhere
                + " is not possible: the epoch "
                + replica.epoch()
                + " cannot have made so many changes since those that this origin has";
        LOG.warn("a request of a replica (token {}) is refused: {}", token, message);
        throw new InvalidRequestException(message);
      }
    }
    return true;
  }

  private static String reason(Version agreed) {
    return agreed.equals(Version.NONE)
        ? "no version is known up to which both have the same changes: the data directory is older"
            + " than the one before, or the replica was away for more starts than the openings name"
        : "this origin has only its changes up to version "
            + agreed
            + ": the data directory is older than the one before";
  }
}
