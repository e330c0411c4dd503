package selvedge.engine.namespace;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.engine.store.Store;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Staleness;

/**
 * The staleness bounds of namespaces, in memory.
 *
 * <p>They are stored as entries of the system namespace. Any thread may read. The thread that
 * commits changes must apply them here.
 */
public final class StalenessBounds {
  private static final Bytes PREFIX = Bytes.utf8("staleness/");

  private final Map<NamespaceId, Staleness> bounds = new ConcurrentHashMap<>();

  public StalenessBounds(Store store) {
    SystemEntries.forEach(store, PREFIX, entry -> put(entry.key(), entry.value().bytes()));
  }

  /** Applies changes that have been committed. */
  public void apply(List<Change> changes) {
    for (Change change : changes) {
      if (change.namespace().equals(NamespaceId.SYSTEM)
          && change.mutation() instanceof Mutation.Put put
          && put.key().bytes().startsWith(PREFIX)) {
        put(put.key(), put.value().bytes());
      }
    }
  }

  private void put(Key key, Bytes value) {
    bounds.put(new NamespaceId(key.name().substring(PREFIX.size())), Staleness.parse(value.utf8()));
  }

  /** Returns the bound of a namespace, or the usual one. */
  public Staleness of(NamespaceId id) {
    return bounds.getOrDefault(id, Staleness.USUAL);
  }

  /** Returns the key, in the system namespace, of the bound of a namespace. */
  public static Key key(NamespaceId id) {
    return new Key(PREFIX.plus(Bytes.utf8(id.hex())));
  }
}
