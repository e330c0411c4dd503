package selvedge.server.site;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.GoneException;
import selvedge.model.Version;
import selvedge.server.access.Caller;
import selvedge.server.api.v1.FeedEndpoint;

/**
 * Passes the claims of an edge's followers on to the server that the edge follows, because they may
 * have changes that only the origin must hear of. Safe for use by many threads.
 *
 * <p>One claim is passed on at a time. So edges that follow each other in a circle pass it around
 * once, and followers that claim often cost the origin little. A claim that is not passed on is
 * made again, because the follower asks again.
 */
final class EdgeClaims implements FeedEndpoint.Claims {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeClaims.class);

  private final Upstream upstream;
  private final UnaryOperator<String> names;
  private final Semaphore turn = new Semaphore(1);

  /** The server that the edge follows. */
  interface Upstream {

    /** Opens the changes that follow those of a store. */
    InputStream feed(Descent after) throws IOException;
  }

  /**
   * @param names returns the name of the token with an id
   */
  EdgeClaims(Upstream upstream, UnaryOperator<String> names) {
    this.upstream = upstream;
    this.names = names;
  }

  @Override
  public boolean hear(Caller caller, Descent replica, Version agreed) {
    if (turn.tryAcquire()) {
      try {
        pass(caller, replica, agreed);
      } finally {
        turn.release();
      }
    }
    return false;
  }

  /** Asks for the changes after those of the follower, as it would ask there itself. */
  private void pass(Caller caller, Descent replica, Version agreed) {
    try {
      upstream.feed(replica).close();
    } catch (GoneException e) {
      LOG.warn(
          "a follower of this edge (token {}) has version {}, and this edge has only its changes up"
              + " to version {}. This was passed on: {}",
          names.apply(caller.tokenId()),
          replica.latest(),
          agreed,
          e.getMessage());
    } catch (IOException e) {
      LOG.debug("a claim was not passed on", e);
    }
  }
}
