package selvedge.server.quota;

import java.time.Instant;

/**
 * How much of a quota is spent, and how much is left until it starts anew.
 *
 * @param most what an account may spend in a day
 * @param resetsAt the next midnight in UTC
 */
public record QuotaBalance(Quota quota, long used, long most, Instant resetsAt) {

  public long left() {
    return Math.max(0, most - used);
  }
}
