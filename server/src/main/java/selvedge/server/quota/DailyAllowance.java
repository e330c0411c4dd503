package selvedge.server.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.WriteOptions;

/**
 * Counts the operations of each account per UTC day and stores the counts.
 *
 * <p>Safe for use by many threads. A worker writes changed counts to the store once a second, so a
 * killed process loses the counts of at most the last second.
 */
public final class DailyAllowance implements Allowance, Worker {
  private static final String PREFIX = "usage/";
  private static final int PAGE_KEYS = 1000;
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

  private final Namespace system;
  private final Limits limits;
  private final InstantSource clock;
  private final KeyRate rate;
  private final StorageUse storage;
  private final ConcurrentHashMap<AccountId, Day> days = new ConcurrentHashMap<>();

  public DailyAllowance(Namespace system, Limits limits, InstantSource clock, StorageUse storage) {
    this.system = system;
    this.limits = limits;
    this.clock = clock;
    this.rate = new KeyRate(limits, clock);
    this.storage = storage;
    load();
  }

  private void load() {
    Listing listing = Listing.prefix(PREFIX, PAGE_KEYS);
    Page page;
    do {
      page = system.list(listing);
      for (Listed listed : page.entries()) {
        if (system.get(listed.key()) instanceof Lookup.Found found) {
          var account = new AccountId(listed.key().name().substring(PREFIX.length()));
          days.put(account, Day.parse(found.entry().value().bytes().utf8()));
        }
        listing = listing.after(listed.key());
      }
    } while (!page.complete());
  }

  @Override
  public Optional<QuotaBalance> spend(AccountId account, Quota quota, long count) {
    if (!limits.binds(quota.limit())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    long most = limits.get(quota.limit());
    long used = today(account, now).spend(quota, count, most);
    if (used < 0) {
      throw OverQuotaException.until(
          quota.limit(),
          Duration.between(now, midnight(now)),
          "the account is limited to "
              + most
              + " "
              + quota.id()
              + " per day and has used them up; the next day begins at "
              + midnight(now));
    }
    return Optional.of(new QuotaBalance(quota, used, most, midnight(now)));
  }

  @Override
  public void giveBack(AccountId account, Quota quota, long count) {
    if (limits.binds(quota.limit())) {
      today(account, clock.instant()).giveBack(quota, count);
    }
  }

  @Override
  public void admitWrite(AccountId account, NamespaceId namespace, Key key, long bytes) {
    storage.admit(account, bytes + key.bytes().size());
    rate.admit(namespace, key);
  }

  @Override
  public void admitBytes(AccountId account, long bytes) {
    storage.admit(account, bytes);
  }

  @Override
  public List<QuotaBalance> usage(AccountId account) {
    Instant now = clock.instant();
    List<QuotaBalance> usage = new ArrayList<>();
    for (Quota quota : Quota.values()) {
      if (limits.binds(quota.limit())) {
        usage.add(
            new QuotaBalance(
                quota, today(account, now).used(quota), limits.get(quota.limit()), midnight(now)));
      }
    }
    return usage;
  }

  private Day today(AccountId account, Instant now) {
    long number = day(now).toEpochDay();
    Day current = days.get(account);
    if (current != null && current.number() == number) {
      return current;
    }
    Day today =
        days.compute(
            account,
            (_, stored) -> stored != null && stored.number() >= number ? stored : new Day(number));
    return today;
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private static Instant midnight(Instant now) {
    return day(now).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Stores the changed counts. */
  @Override
  public Duration step() {
    days.forEach(
        (account, day) -> {
          if (day.takeChanged()) {
            system.put(
                Key.of(PREFIX + account.hex()), Bytes.utf8(day.format()), WriteOptions.PLAIN);
          }
        });
    rate.forgetOld();
    return BETWEEN_WRITES;
  }
}
