package selvedge.engine.store;

import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** The namespace and the key of an entry. */
public record Name(NamespaceId namespace, Key key) {
  /** The number of stripes. Names share them. */
  public static final int STRIPES = 4096;

  private static final int OVERHEAD_BYTES = 200;

  public int stripe() {
    return stripe(hashCode());
  }

  /** Returns the stripe of a namespace as a whole. */
  public static int stripe(NamespaceId namespace) {
    return stripe(namespace.hashCode());
  }

  private static int stripe(int hash) {
    return (hash ^ hash >>> 16) & (STRIPES - 1);
  }

  /** Returns about how many bytes of memory an entry takes in a cache. */
  public int weight(Lookup lookup) {
    int bytes = OVERHEAD_BYTES + key.bytes().size();
    return switch (lookup) {
      case Lookup.Missing _ -> bytes;
      case Lookup.Found(Entry entry, Version _) ->
          bytes
              + (entry.value() instanceof Bytes value ? value.size() : 0)
              + entry.metadata().stored().size();
    };
  }
}
