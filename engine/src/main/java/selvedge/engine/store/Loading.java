package selvedge.engine.store;

import selvedge.model.Entry;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Fills a new store from a snapshot of another one. Belongs to the store's writer.
 *
 * <p>A store of which this is not finished is of no use.
 */
public interface Loading extends AutoCloseable {

  void add(NamespaceId namespace, Entry entry);

  /** Makes the store what the snapshot was: of this epoch and as of this version. */
  void finish(long epoch, Version version);

  @Override
  void close();
}
