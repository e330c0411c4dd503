package selvedge.engine.store;

import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** Names an entry wherever it is. */
public record Name(NamespaceId namespace, Key key) {
  /** How many stamps there are for all names; some share one. */
  public static final int STRIPES = 4096;

  private static final int OVERHEAD_BYTES = 200;

  public int stripe() {
    return stripe(hashCode());
  }

  /** The stripe of all that is said of a namespace as a whole. */
  public static int stripe(NamespaceId namespace) {
    return stripe(namespace.hashCode());
  }

  private static int stripe(int hash) {
    return (hash ^ hash >>> 16) & (STRIPES - 1);
  }

  /** How many bytes it takes to remember what was found under the name. */
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
