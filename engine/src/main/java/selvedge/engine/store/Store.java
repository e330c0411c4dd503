package selvedge.engine.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import selvedge.engine.work.AnyThread;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.Version;

/**
 * A durable, ordered map from keys to entries.
 *
 * <p>Safe for use by many threads, except that {@link #commit}, {@link #begin} and {@link #sweep}
 * belong to one writer. A store does not judge expiry: it returns what was written and lets the
 * reader's clock decide.
 */
public interface Store extends AutoCloseable {

  /** Distinguishes this order of changes from every other one. */
  @AnyThread
  long epoch();

  /**
   * Makes what is here the beginning of another order of changes, durably. Belongs to the writer.
   */
  @WriterOnly
  void adopt(long epoch);

  /** The last change that is durable here, {@link Version#NONE} in an empty store. */
  @AnyThread
  Version latest();

  /** When the latest change was decided, by the clock then; 1970 if there is none. */
  @AnyThread
  default Instant changedAt() {
    return Instant.EPOCH;
  }

  @AnyThread
  Lookup get(NamespaceId namespace, Key key);

  /** Answers as {@link #get} does, but only from memory: empty when the disk must be asked. */
  @AnyThread
  default Optional<Lookup> peek(NamespaceId namespace, Key key) {
    return Optional.empty();
  }

  /** Returns keys in unsigned byte order and never reads values. */
  @AnyThread
  Page list(NamespaceId namespace, Listing listing);

  /**
   * Makes the changes durable. Their versions ascend and follow {@link #latest}. Readers see all of
   * them or none, also after a crash.
   */
  @WriterOnly
  void commit(List<Change> changes);

  /**
   * Begins to {@link #commit}. What was begun before may yet have to be finished, and need not be
   * durable; all is finished in the order in which it was begun.
   */
  @WriterOnly
  default Pending begin(List<Change> changes) {
    return () -> commit(changes);
  }

  /** Starts a value too large to be held in memory; it is reachable once a commit refers to it. */
  @AnyThread
  Upload upload();

  /**
   * Frees the space of at most {@code limit} entries that expired at or before {@code moment}.
   * Nothing that a reader can still see goes, so it is no change and has no version.
   *
   * @return whether more may be left to free
   */
  @WriterOnly
  boolean sweep(Instant moment, int limit);

  /** How many more bytes the disk takes. */
  @AnyThread
  long freeBytes();

  @AnyThread
  @Override
  void close();
}
