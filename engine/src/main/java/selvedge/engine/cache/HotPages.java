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
 * Pages of listings, for as long as nothing changes in their namespace. Safe for use by many
 * threads, one of which tells of changes.
 *
 * <p>A namespace's stamp is odd while it is being changed, and another even number afterwards. A
 * page carries the stamp that there was before it was read, and counts only while that is the
 * newest.
 */
final class HotPages {
  private static final int ROW_BYTES = 160;

  /** A page has at most such a part of the room, so that one walk does not take all of it. */
  private static final int PART = 16;

  private final Cache<Asked, Held> held;
  private final long pageBytesMax;
  private final AtomicLongArray stamps = new AtomicLongArray(Name.STRIPES);
  private final Doorkeeper lately = new Doorkeeper();
  private final LongAdder hits = new LongAdder();

  private record Asked(NamespaceId namespace, Listing listing) {}

  private record Held(Page page, long stamp, int bytes) {}

  HotPages(long bytesMax) {
    this.pageBytesMax = bytesMax / PART;
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((Asked asked, Held page) -> page.bytes())
            .executor(Runnable::run)
            .build();
  }

  /** Finds the page, or has it read; one that is asked for again is kept. */
  Page get(NamespaceId namespace, Listing listing, Supplier<Page> below) {
    var asked = new Asked(namespace, listing);
    int stripe = Name.stripe(namespace);
    long stamp = stamps.get(stripe);
    @Nullable Held known = held.getIfPresent(asked);
    if (known != null && known.stamp() == stamp) {
      hits.increment();
      return known.page();
    }
    Page page = below.get();
    if ((stamp & 1) == 0 && lately.again(asked)) {
      int bytes = bytes(page);
      if (bytes <= pageBytesMax) {
        held.put(asked, new Held(page, stamp, bytes));
      }
    }
    return page;
  }

  /** To be called when a change of namespaces of the stripe begins, and once more at its end. */
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

  /** How many pages were not read again. */
  long hits() {
    return hits.sum();
  }
}
