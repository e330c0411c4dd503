package selvedge.server.api.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.AccountId;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.NamespaceId;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.OverQuotaException;
import selvedge.server.quota.Quota;
import selvedge.server.quota.QuotaBalance;

/** An allowance with a given number of operations of each type. Belongs to one thread. */
final class SmallAllowance implements Allowance {
  /** The admitted writes and their bytes. */
  final List<String> admitted = new ArrayList<>();

  /** A key whose last write is too recent. */
  @Nullable Key refused;

  final Map<Quota, Long> spent = new EnumMap<>(Quota.class);
  private final long most;

  SmallAllowance(long most) {
    this.most = most;
  }

  @Override
  public Optional<QuotaBalance> spend(AccountId account, Quota quota, long count) {
    long used = spent.getOrDefault(quota, 0L) + count;
    if (used > most) {
      throw OverQuotaException.until(
          quota.limit(), Duration.ofHours(12), "KV " + quota.id() + " limit exceeded for the day.");
    }
    spent.put(quota, used);
    return Optional.of(new QuotaBalance(quota, used, most, Instant.EPOCH));
  }

  @Override
  public void giveBack(AccountId account, Quota quota, long count) {
    spent.merge(quota, -count, Long::sum);
  }

  @Override
  public void admitWrite(AccountId account, NamespaceId namespace, Key key, long bytes) {
    admitted.add(key + "=" + bytes);
    if (key.equals(refused)) {
      throw OverQuotaException.until(
          Limit.KEY_WRITES_PER_SECOND, Duration.ofSeconds(1), "Too Many Requests");
    }
  }

  @Override
  public void admitBytes(AccountId account, long bytes) {}

  @Override
  public List<QuotaBalance> usage(AccountId account) {
    return List.of();
  }
}
