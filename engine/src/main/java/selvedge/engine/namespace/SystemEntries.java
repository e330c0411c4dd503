package selvedge.engine.namespace;

import java.util.function.Consumer;
import selvedge.engine.store.Store;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Page;

/** The entries of the system namespace, which a server stores for itself. */
final class SystemEntries {
  private static final int PAGE_KEYS = 1000;

  private SystemEntries() {}

  /** Passes each entry with the prefix to the consumer. */
  static void forEach(Store store, Bytes prefix, Consumer<Entry> consumer) {
    Listing listing = new Listing(prefix, Bytes.EMPTY, PAGE_KEYS);
    Page page;
    do {
      page = store.list(NamespaceId.SYSTEM, listing);
      for (Listed listed : page.entries()) {
        if (store.get(NamespaceId.SYSTEM, listed.key()) instanceof Lookup.Found found) {
          consumer.accept(found.entry());
        }
        listing = listing.after(listed.key());
      }
    } while (!page.complete());
  }
}
