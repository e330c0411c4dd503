package selvedge.server.quota;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Namespace;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Namespaces;
import selvedge.model.Page;

/**
 * Counts and limits the bytes that each account stores. Safe for use by many threads.
 *
 * <p>A worker recounts at an interval. Between two counts only admitted bytes are added, so bytes
 * that are freed by an overwrite or a delete count until the next recount.
 */
public final class StorageUse implements Worker {
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int PAGE_KEYS = 1000;

  private final Namespaces namespaces;
  private final long most;
  private final boolean binds;
  private final ConcurrentHashMap<AccountId, AtomicLong> used = new ConcurrentHashMap<>();

  public StorageUse(Namespaces namespaces, Limits limits) {
    this.namespaces = namespaces;
    this.most = limits.get(Limit.STORAGE_BYTES);
    this.binds = limits.binds(Limit.STORAGE_BYTES);
    step();
  }

  void admit(AccountId account, long bytes) {
    if (!binds) {
      return;
    }
    AtomicLong sum = used.computeIfAbsent(account, _ -> new AtomicLong());
    if (sum.addAndGet(bytes) > most) {
      sum.addAndGet(-bytes);
      throw OverQuotaException.full(
          Limit.STORAGE_BYTES,
          "the account may store at most "
              + most
              + " bytes, and this write would exceed that: delete something first");
    }
  }

  @Override
  public Duration step() {
    if (binds) {
      Map<AccountId, Long> counted = new HashMap<>();
      for (AccountId account : namespaces.accounts()) {
        for (NamespaceInfo info : namespaces.list(account)) {
          counted.merge(account, count(info), Long::sum);
        }
      }
      counted.forEach(
          (account, bytes) -> used.computeIfAbsent(account, _ -> new AtomicLong()).set(bytes));
    }
    return INTERVAL;
  }

  private long count(NamespaceInfo info) {
    try {
      Namespace namespace = namespaces.open(info.id());
      Listing listing = Listing.all(PAGE_KEYS);
      long bytes = 0;
      while (true) {
        Page page = namespace.list(listing);
        for (Listed listed : page.entries()) {
          bytes +=
              listed.key().bytes().size() + listed.metadata().stored().size() + listed.valueBytes();
        }
        if (page.complete()) {
          return bytes;
        }
        listing = listing.after(page.lastKey());
      }
    } catch (NamespaceNotFoundException e) {
      return 0;
    }
  }
}
