package selvedge.server.api.v1;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.server.access.Caller;
import selvedge.server.access.Right;

/**
 * Warns once about each token with which an edge could do more than follow. Safe for use by many
 * threads.
 */
final class EdgeTokens {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeTokens.class);

  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  void check(Caller caller) {
    if (caller.isToken() && caller.mayEverywhere(Right.ADMIN) && warned.add(caller.tokenId())) {
      LOG.warn(
          "an edge follows with token {}, which may administer everything; give it one that was"
              + " created with: selvedge token create --grant replicate",
          caller.tokenId());
    }
  }
}
