package selvedge.server.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Bounds how many refused acts are recorded, because strangers can cause them. Confined to one
 * thread or a lock.
 */
final class RefusedActs {
  private static final int MOST = 10;
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY_ATTEMPTS = 429;

  private Instant intervalStart = Instant.MIN;
  private int refused;
  private long leftOut;

  /** Returns the act with the number of those left out before it; empty if it is left out. */
  Optional<Act> filter(Act act) {
    if (isLeftOut(act)) {
      leftOut++;
      return Optional.empty();
    }
    Act recorded = act.withLeftOut(leftOut);
    leftOut = 0;
    return Optional.of(recorded);
  }

  private boolean isLeftOut(Act act) {
    if (act.status() != UNAUTHORIZED
        && act.status() != FORBIDDEN
        && act.status() != TOO_MANY_ATTEMPTS
        && !act.actor().startsWith(Act.NOT_ADMITTED)) {
      return false;
    }
    if (act.moment().isAfter(intervalStart.plus(INTERVAL))) {
      intervalStart = act.moment();
      refused = 0;
    }
    refused++;
    return refused > MOST;
  }
}
