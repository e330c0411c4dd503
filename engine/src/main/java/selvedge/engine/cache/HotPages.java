package selvedge.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.Name;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.NamespaceId;
import selvedge.model.Page;

/**
 * A cache of list pages. A page is valid until its namespace changes. Safe for use by many threads,
 * one of which announces changes.
 *
 * <p>The stamp of a namespace is odd during a change, and a new even number afterwards. A page has
 * the stamp from before it was read, and is valid while the stamp is the same.
 */
final class HotPages {
  private static final int ROW_BYTES = 160;

  /** A page must not exceed this part of the cache, so that one walk does not fill all of it. */
  private static final int PAGE_SHARE = 16;

  private final Cache<Request, CachedPage> held;
  private final long pageBytesMax;
  private final AtomicLongArray stamps = new AtomicLongArray(Name.STRIPES);
  private final Doorkeeper doorkeeper = new Doorkeeper();
  private final LongAdder hits = new LongAdder();

  private record Request(NamespaceId namespace, Listing listing) {}

  private record CachedPage(Page page, long stamp, int bytes) {}

  HotPages(long bytesMax) {
    this.pageBytesMax = bytesMax / PAGE_SHARE;
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((Request request, CachedPage page) -> page.bytes())
            .executor(Runnable::run)
            .build();
  }

  /** Returns the page from memory, or loads it. A page is stored at its second load. */
  Page get(NamespaceId namespace, Listing listing, Supplier<Page> load) {
    var request = new Request(namespace, listing);
    int stripe = Name.stripe(namespace);
    long stamp = stamps.get(stripe);
    @Nullable CachedPage cached = held.getIfPresent(request);
    if (cached != null && cached.stamp() == stamp) {
      hits.increment();
      return cached.page();
    }
    Page page = load.get();
    if ((stamp & 1) == 0 && doorkeeper.recordAgain(request)) {
      int bytes = bytes(page);
      if (bytes <= pageBytesMax) {
        held.put(request, new CachedPage(page, stamp, bytes));
      }
    }
    return page;
  }

  /** Must be called at the start and at the end of a change to namespaces of the stripe. */
  void changing(int stripe) {
    stamps.incrementAndGet(stripe);
  }

  private static int bytes(Page page) {
    long bytes = ROW_BYTES;
    for (Listed listed : page.entries()) {
      bytes += ROW_BYTES + listed.key().bytes().size() + listed.metadata().stored().size();
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  /** Returns how many pages came from memory. */
  long hits() {
    return hits.sum();
  }
}
