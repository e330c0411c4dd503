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
 * The bounds of staleness that namespaces were given, in memory.
 *
 * <p>They are entries of the system namespace, as the namespaces are. Any thread may read; whoever
 * commits changes tells of them.
 */
public final class StalenessBounds {
  private static final Bytes PREFIX = Bytes.utf8("staleness/");

  private final Map<NamespaceId, Staleness> given = new ConcurrentHashMap<>();

  public StalenessBounds(Store store) {
    SystemEntries.each(store, PREFIX, entry -> put(entry.key(), entry.value().bytes()));
  }

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
    given.put(new NamespaceId(key.name().substring(PREFIX.size())), Staleness.parse(value.utf8()));
  }

  public Staleness of(NamespaceId id) {
    return given.getOrDefault(id, Staleness.USUAL);
  }

  /** The entry of the system namespace that holds the bound of a namespace. */
  public static Key key(NamespaceId id) {
    return new Key(PREFIX.plus(Bytes.utf8(id.hex())));
  }
}
