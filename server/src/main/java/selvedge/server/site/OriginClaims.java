package selvedge.server.site;

import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Descent;
import selvedge.model.Version;
import selvedge.server.access.Caller;
import selvedge.server.access.Tokens;
import selvedge.server.api.v1.FeedEndpoint;

/**
 * What an origin does when a replica has changes of its lineage that it does not have itself, as
 * after a directory was replaced by an older copy. Safe for use by many threads.
 */
final class OriginClaims implements FeedEndpoint.Claims {
  private static final Logger LOG = LoggerFactory.getLogger(OriginClaims.class);

  private final Origin origin;
  private final Tokens tokens;
  private final LineageStatus standing;
  private final InstantSource clock;

  OriginClaims(Origin origin, Tokens tokens, LineageStatus standing, InstantSource clock) {
    this.origin = origin;
    this.tokens = tokens;
    this.standing = standing;
    this.clock = clock;
  }

  @Override
  public boolean hear(Caller caller, Descent replica, Version agreed) {
    if (origin.beginLineage(agreed, replica.latest())) {
      LOG.warn(
          "a replica (token {}) has version {}, and only its changes up to version {} are here:"
              + " this directory is older than what was here before. The origin goes on under the"
              + " epoch {} from version {}; the replica keeps its other changes aside",
          name(caller),
          replica.latest(),
          agreed,
          origin.epoch(),
          origin.latest());
      standing.begun(clock.instant(), agreed, replica.latest());
    } else {
      LOG.warn(
          "a replica (token {}) has version {}, and only its changes up to version {} are here;"
              + " this origin has begun a new lineage since its start already, so the claim is"
              + " refused",
          name(caller),
          replica.latest(),
          agreed);
    }
    return true;
  }

  private String name(Caller caller) {
    return tokens.list().stream()
        .filter(token -> token.id().equals(caller.tokenId()))
        .map(token -> token.name())
        .findFirst()
        .orElse(caller.tokenId());
  }
}
