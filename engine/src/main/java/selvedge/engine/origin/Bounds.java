package selvedge.engine.origin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.engine.store.Store;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.Staleness;

/**
 * The bounds of staleness that namespaces were given, in memory.
 *
 * <p>They are entries of the system namespace, as the namespaces are. Any thread may read; whoever
 * commits changes tells of them.
 */
public final class Bounds {
  private static final Bytes PREFIX = Bytes.utf8("staleness/");
  private static final int PAGE_KEYS = 1000;

  private final Map<NamespaceId, Staleness> given = new ConcurrentHashMap<>();

  Bounds(Store store) {
    Listing listing = new Listing(PREFIX, Bytes.EMPTY, PAGE_KEYS);
    Page page;
    do {
      page = store.list(NamespaceId.SYSTEM, listing);
      for (Listed listed : page.entries()) {
        if (store.get(NamespaceId.SYSTEM, listed.key()) instanceof Lookup.Found found) {
          put(listed.key(), found.entry().value().bytes());
        }
        listing = listing.after(listed.key());
      }
    } while (!page.complete());
  }

  void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change.namespace().equals(NamespaceId.SYSTEM)
          && change.mutation() instanceof Mutation.Put put
          && put.key().bytes().startsWith(PREFIX)) {
        put(put.key(), put.value().bytes());
      }
    }
  }

  private void put(Key key, Bytes value) {
    given.put(new NamespaceId(key.name().substring(PREFIX.size())), Staleness.parse(value.utf8()));
  }

  Staleness of(NamespaceId id) {
    return given.getOrDefault(id, Staleness.USUAL);
  }

  /** The entry of the system namespace that holds the bound of a namespace. */
  public static Key key(NamespaceId id) {
    return new Key(PREFIX.plus(Bytes.utf8(id.hex())));
  }
}
