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
 * Counts entries whose metadata is not JSON.
 *
 * <p>Earlier versions stored such metadata, and an origin of an earlier version still sends it. One
 * thread steps it, a page at a time; any thread may ask for the count.
 */
public final class MetadataCount implements Worker {
  private static final int PAGE_KEYS = 1000;
  private static final Duration BETWEEN_PAGES = Duration.ofMillis(20);
  private static final Duration AGAIN = Duration.ofHours(1);
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

  /** Returns how many there were at the last count; empty until the first count has ended. */
  public OptionalLong last() {
    long known = last;
    return known < 0 ? OptionalLong.empty() : OptionalLong.of(known);
  }

  /**
   * Returns whether listings here can take metadata as JSON without checking it: none was found
   * that is not JSON, and every write has been checked since.
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
    return namespaces.isEmpty() ? end() : BETWEEN_PAGES;
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

  /** Returns where the namespace goes on; null after its last page. */
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

  /** No new ones come where all writes are checked, but an edge takes what its origin sends. */
  private Duration end() {
    started = false;
    last = counted;
    return counted > 0 || !all.writes().includeEveryChange() ? AGAIN : NEVER;
  }
}
