package selvedge.server.api.shared;

import java.util.Optional;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;

/** A look at what lies in memory. Never blocks. */
public interface Peek {

  /** Empty when the store must be asked. */
  Optional<Lookup> at(NamespaceId namespace, Key key);
}
