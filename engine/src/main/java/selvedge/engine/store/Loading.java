package selvedge.engine.store;

import java.util.Optional;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Entry;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Fills a new store from a snapshot of another one. Belongs to the store's writer.
 *
 * <p>A store of which this is not finished is of no other use. Opened again, it goes on.
 */
@WriterOnly
public interface Loading extends AutoCloseable {

  /** How far an earlier attempt has come; empty if there was none. */
  Optional<Reached> reached();

  /** Begins with a snapshot of this epoch and as of this version. */
  void begin(long epoch, Version version);

  /** Entries come in their order, by namespace and key. */
  void add(NamespaceId namespace, Entry entry);

  /** Makes the store what it has begun with: of that epoch and as of that version. */
  void finish();

  /** Keeps what was added, unless that could not be written. */
  @Override
  void close();
}
