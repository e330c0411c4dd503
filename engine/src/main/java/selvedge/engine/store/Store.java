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
 * <p>Safe for use by many threads; methods that are marked {@link WriterOnly} belong to one writer.
 * A store returns expired entries too: its reader judges expiry by a clock.
 */
public interface Store extends AutoCloseable {

  /** Returns the number that distinguishes this order of changes from every other one. */
  @AnyThread
  long epoch();

  /** Begins another order of changes under a new epoch. Returns once that is durable. */
  @WriterOnly
  void adopt(long epoch);

  /** Returns the version of the last change, {@link Version#NONE} in an empty store. */
  @AnyThread
  Version latest();

  /** Returns the time of the latest change; 1970 if there is none. */
  @AnyThread
  default Instant changedAt() {
    return Instant.EPOCH;
  }

  /**
   * Returns the last time at which the clock of this machine was trusted, as {@link #trusted} has
   * recorded it; the time of the latest change if nothing is recorded.
   */
  @AnyThread
  default Instant trustedAt() {
    return changedAt();
  }

  /**
   * Records a time at which the clock of this machine was trusted, to within a minute. Returns once
   * the record is durable.
   */
  @AnyThread
  default void trusted(Instant at) {}

  @AnyThread
  Lookup get(NamespaceId namespace, Key key);

  /** Returns the entry if it is in memory; empty if {@link #get} must read the disk. */
  @AnyThread
  default Optional<Lookup> peek(NamespaceId namespace, Key key) {
    return Optional.empty();
  }

  /** Returns keys in unsigned byte order. Reads no values. */
  @AnyThread
  Page list(NamespaceId namespace, Listing listing);

  /**
   * Makes the changes durable and visible. Their versions must ascend and follow {@link #latest}.
   * Readers see all of them or none, also after a crash.
   */
  @WriterOnly
  void commit(List<Change> changes);

  /**
   * Begins a {@link #commit}. Earlier ones may be pending and not yet durable. All must be finished
   * in the order in which they were begun.
   */
  @WriterOnly
  default Pending begin(List<Change> changes) {
    return () -> commit(changes);
  }

  /** Starts a value that is too large for memory. It is visible once a commit refers to it. */
  @AnyThread
  Upload upload();

  /**
   * Frees at most {@code limit} entries that expired at or before {@code moment}. This has no
   * version, because a reader cannot see an expired entry.
   *
   * @return whether more may be waiting
   */
  @WriterOnly
  boolean sweep(Instant moment, int limit);

  /** Returns the free bytes of the disk. */
  @AnyThread
  long freeBytes();

  /**
   * Returns the free space of the disk less what the store needs itself: for what waits in memory
   * and will be written to files, and for the next merge of files. Without this space the store
   * could not even delete.
   */
  @AnyThread
  default long roomBytes() {
    return freeBytes();
  }

  /**
   * Returns whether only another opening makes the store writable: it has refused a write because
   * the disk was full, and the disk has space again.
   */
  @AnyThread
  default boolean mustReopen() {
    return false;
  }

  @AnyThread
  @Override
  void close();
}
