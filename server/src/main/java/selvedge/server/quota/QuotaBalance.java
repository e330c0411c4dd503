package selvedge.server.quota;

import java.time.Instant;

/**
 * The used and the remaining operations of a daily quota.
 *
 * @param most the limit per day
 * @param resetsAt the next midnight in UTC, when the count starts at zero
 */
public record QuotaBalance(Quota quota, long used, long most, Instant resetsAt) {

  public long left() {
    return Math.max(0, most - used);
  }
}
