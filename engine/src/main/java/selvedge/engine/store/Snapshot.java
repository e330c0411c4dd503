package selvedge.engine.store;

import java.util.Optional;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Everything in a store as of one version, however it goes on meanwhile. Belongs to one thread.
 *
 * <p>Large values that are replaced meanwhile stay readable until it is closed.
 */
public interface Snapshot extends AutoCloseable {

  /** An entry with the namespace that it is in. */
  record Placed(NamespaceId namespace, Entry entry) {}

  Version version();

  /** Goes on with the entry that follows that one, be it there or not. */
  void goOnBehind(NamespaceId namespace, Key key);

  /** The next entry by namespace and key, be it expired or not; empty at the end. */
  Optional<Placed> next();

  @Override
  void close();
}
