package selvedge.server.api.shared;

import java.util.Optional;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;

/** Finds entries in memory. Never blocks. */
public interface Peek {

  /** Returns the entry or its absence; empty if only the store can tell. */
  Optional<Lookup> at(NamespaceId namespace, Key key);
}
