package selvedge.engine.namespace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Page;

/**
 * Counts the entries whose metadata is not JSON.
 *
 * <p>Earlier versions stored such metadata, and an origin of an earlier version still sends it. One
 * thread steps the count, a page at a time. Any thread may read it.
 */
public final class MetadataCount implements Worker {
  private static final int PAGE_KEYS = 1000;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration RECOUNT_INTERVAL = Duration.ofHours(1);
  private static final Duration NEVER = Duration.ofDays(365);

  private final StoredNamespaces all;
  private final Deque<NamespaceId> namespaces = new ArrayDeque<>();
  private @Nullable Listing next;
  private boolean started;
  private long counted;
  private volatile long last = -1;

  MetadataCount(StoredNamespaces all) {
    this.all = all;
  }

  /** Returns the result of the last count; empty until the first count is complete. */
  public OptionalLong last() {
    long count = last;
    return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
  }

  /**
   * Returns whether listings may skip the check of metadata: the count is zero, and every write
   * since has been checked.
   */
  boolean isClean() {
    return last == 0 && all.writes().includeEveryChange();
  }

  @Override
  public Duration step() {
    if (!started) {
      start();
    }
    NamespaceId namespace = namespaces.peek();
    if (namespace == null) {
      return end();
    }
    Listing listing = next == null ? Listing.all(PAGE_KEYS) : next;
    next = count(namespace, listing);
    if (next == null) {
      namespaces.remove();
    }
    return namespaces.isEmpty() ? end() : PAUSE;
  }

  private void start() {
    started = true;
    counted = 0;
    next = null;
    for (AccountId account : all.catalog().accounts()) {
      for (NamespaceInfo info : all.catalog().list(account)) {
        namespaces.add(info.id());
      }
    }
  }

  /** Counts a page and returns the next one; null after the last page of the namespace. */
  private @Nullable Listing count(NamespaceId namespace, Listing listing) {
    try {
      Page page = all.unchecked(namespace).list(listing);
      for (Listed listed : page.entries()) {
        counted += listed.metadata().isJson() ? 0 : 1;
      }
      return page.complete() ? null : listing.after(page.lastKey());
    } catch (NamespaceNotFoundException e) {
      return null;
    }
  }

  /** A count of zero is final where all writes are checked. An edge stores unchecked changes. */
  private Duration end() {
    started = false;
    last = counted;
    return counted > 0 || !all.writes().includeEveryChange() ? RECOUNT_INTERVAL : NEVER;
  }
}
