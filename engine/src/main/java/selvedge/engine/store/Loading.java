package selvedge.engine.store;

import java.time.Instant;
import java.util.Optional;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Entry;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Fills a new store from a snapshot of another one. Belongs to the writer of the store.
 *
 * <p>An unfinished store can only be filled further, also after it was opened again.
 */
@WriterOnly
public interface Loading extends AutoCloseable {

  /** Returns the last entry of an earlier attempt; empty if there was none. */
  Optional<Reached> reached();

  /**
   * Begins with a snapshot of an epoch as of a version.
   *
   * @param opening the newest opening of the server that sends it; 0 if it has none
   */
  void begin(long epoch, long opening, Version version);

  /** Continues with another snapshot of the same epoch, which must have all that was added. */
  void continueWith(long opening, Version version);

  /** Adds an entry. Entries must be in the order of namespace and key. */
  void add(NamespaceId namespace, Entry entry);

  /**
   * Gives the store the epoch and the version of the snapshot.
   *
   * @param at the time of the newest change, as far as it is known
   */
  void finish(Instant at);

  /** Stores the added entries, unless they could not be written. */
  @Override
  void close();
}
