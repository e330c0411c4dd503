package selvedge.server.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

final class DailyAllowanceTest {
  private static final AccountId MINE = new AccountId("a".repeat(32));
  private static final AccountId YOURS = new AccountId("b".repeat(32));
  private static final Key KEY = Key.of("key");

  private final SettableClock clock = new SettableClock(Instant.parse("2026-05-05T22:00:00Z"));
  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock);
  private final NamespaceId id = namespaces.create(MINE, "cache").id();
  private final Namespace system = namespaces.open(namespaces.create(YOURS, "system").id());
  private final Limits limits = Limits.of(Profile.WORKERS_FREE);

  private DailyAllowance allowance(Limits limits) {
    return new DailyAllowance(system, limits, clock, new StorageUse(namespaces, limits));
  }

  @Test
  void refusesARequestAboveTheQuotaAndSpendsNothing() {
    DailyAllowance allowance = allowance(limits);

    assertThat(allowance.spend(MINE, Quota.WRITES, 999)).map(QuotaBalance::left).contains(1L);
    assertThatThrownBy(() -> allowance.spend(MINE, Quota.WRITES, 2))
        .isInstanceOfSatisfying(
            OverQuotaException.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofHours(2)));

    assertThat(allowance.spend(MINE, Quota.WRITES, 1)).map(QuotaBalance::left).contains(0L);
    assertThat(allowance.spend(MINE, Quota.DELETES, 1)).map(QuotaBalance::left).contains(999L);
    assertThat(allowance.spend(YOURS, Quota.WRITES, 1)).map(QuotaBalance::left).contains(999L);
  }

  @Test
  void resetsTheCountsAtMidnightInUtc() {
    DailyAllowance allowance = allowance(limits);
    allowance.spend(MINE, Quota.LISTS, 1000);

    clock.set(Instant.parse("2026-05-05T23:59:59.999Z"));
    assertThatThrownBy(() -> allowance.spend(MINE, Quota.LISTS, 1))
        .isInstanceOf(OverQuotaException.class);

    clock.set(Instant.parse("2026-05-06T00:00:00Z"));
    assertThat(allowance.spend(MINE, Quota.LISTS, 1)).map(QuotaBalance::used).contains(1L);
  }

  @Test
  void keepsTheCountsAfterARestart() {
    DailyAllowance before = allowance(limits);
    before.spend(MINE, Quota.READS, 40);
    before.spend(MINE, Quota.WRITES, 7);
    before.step();

    List<QuotaBalance> usage = allowance(limits).usage(MINE);

    assertThat(usage).extracting(QuotaBalance::used).containsExactly(40L, 7L, 0L, 0L);
    assertThat(usage).extracting(QuotaBalance::quota).containsExactly(Quota.values());
  }

  @Test
  void givesBackTheQuotaOfARefusedRequest() {
    DailyAllowance allowance = allowance(limits);
    allowance.spend(MINE, Quota.WRITES, 10);

    allowance.giveBack(MINE, Quota.WRITES, 4);

    assertThat(allowance.usage(MINE).get(1).used()).isEqualTo(6);
  }

  @Test
  void countsNothingWithoutALimit() {
    DailyAllowance allowance = allowance(Limits.of(Profile.OPEN));

    assertThat(allowance.spend(MINE, Quota.WRITES, 1_000_000)).isEqualTo(Optional.empty());
    assertThat(allowance.usage(MINE)).isEmpty();
  }

  @Test
  void allowsOneWritePerSecondAndKey() {
    DailyAllowance allowance = allowance(limits);
    allowance.admitWrite(MINE, id, KEY, 0);
    allowance.admitWrite(MINE, id, Key.of("other"), 0);

    clock.advance(Duration.ofMillis(999));
    assertThatThrownBy(() -> allowance.admitWrite(MINE, id, KEY, 0))
        .isInstanceOfSatisfying(
            OverQuotaException.class,
            e -> assertThat(e.limit()).isEqualTo(Limit.KEY_WRITES_PER_SECOND));

    clock.advance(Duration.ofMillis(1));
    allowance.admitWrite(MINE, id, KEY, 0);
  }

  @Test
  void refusesASecondWriteAtTheSameInstant() {
    DailyAllowance allowance = allowance(limits);
    allowance.admitWrite(MINE, id, KEY, 0);

    assertThatThrownBy(() -> allowance.admitWrite(MINE, id, KEY, 0))
        .isInstanceOf(OverQuotaException.class);
  }

  @Test
  void refusesAWriteAboveTheStorageLimit() {
    namespaces.open(id).put(Key.of("stored"), Bytes.adopt(new byte[600]), WriteOptions.PLAIN);
    Limits small = Limits.of(Profile.OPEN).with(Limit.STORAGE_BYTES, 1000);
    var storage = new StorageUse(namespaces, small);
    var allowance = new DailyAllowance(system, small, clock, storage);

    allowance.admitWrite(MINE, id, KEY, 300);
    assertThatThrownBy(() -> allowance.admitWrite(MINE, id, KEY, 300))
        .isInstanceOfSatisfying(
            OverQuotaException.class, e -> assertThat(e.retryAfter()).isEmpty());

    storage.step();
    allowance.admitWrite(MINE, id, KEY, 300);
  }
}
