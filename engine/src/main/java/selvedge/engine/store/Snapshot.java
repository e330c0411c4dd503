package selvedge.engine.store;

import java.util.Optional;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * All entries of a store as of one version, whatever changes meanwhile. Belongs to one thread.
 *
 * <p>A large value that is replaced meanwhile stays readable until the snapshot is closed.
 */
public interface Snapshot extends AutoCloseable {

  /** An entry with the namespace that it is in. */
  record Placed(NamespaceId namespace, Entry entry) {}

  Version version();

  /** Continues with the entry that follows a key, whether or not the key exists. */
  void continueBehind(NamespaceId namespace, Key key);

  /** Returns the next entry by namespace and key, expired ones included; empty at the end. */
  Optional<Placed> next();

  @Override
  void close();
}
