package selvedge.server.site;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.server.access.Tokens;
import tools.jackson.core.JsonGenerator;

/**
 * The token by which an edge follows its origin. While the origin refuses it, the edge refuses it
 * too, because the feed that would bring its revocation has ended. One thread checks it; any thread
 * may write its status.
 */
final class OwnToken {
  private static final Logger LOG = LoggerFactory.getLogger(OwnToken.class);

  private final Tokens tokens;
  private final String secret;
  private final BooleanSupplier refused;
  private boolean withheld;

  /**
   * @param refused returns whether the origin refuses the token
   */
  OwnToken(Tokens tokens, String secret, BooleanSupplier refused) {
    this.tokens = tokens;
    this.secret = secret;
    this.refused = refused;
  }

  /** Refuses the token at this edge if the origin refuses it, and accepts it again afterwards. */
  void check() {
    boolean now = refused.getAsBoolean();
    if (now == withheld) {
      return;
    }
    withheld = now;
    tokens.withhold(now && !secret.isEmpty() ? Optional.of(secret) : Optional.empty());
    if (now) {
      LOG.error(
          "the origin does not accept the token of this edge: the edge refuses this token too and"
              + " receives no changes and no revocations; set origin-token to a valid token with"
              + " the right replicate");
    } else {
      LOG.info("the origin accepts the token of this edge again");
    }
  }

  /** Writes the member {@code token_refused} of the status, if the origin refuses the token. */
  void write(JsonGenerator json) {
    if (refused.getAsBoolean()) {
      json.writeBooleanProperty("token_refused", true);
    }
  }
}
