package selvedge.engine.namespace;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.replication.Descent;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Condition;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;
import selvedge.model.Outcome;
import selvedge.model.Version;

/**
 * The role that a process plays for its store: an origin orders the writes, a replica follows an
 * origin. Safe for use by many threads.
 */
public interface StoreRole extends Namespaces, AutoCloseable {

  /** Returns the namespaces of the store, which every role serves alike. */
  StoredNamespaces stored();

  /** Returns the check of the clock, without which no expired entry is freed. */
  ClockCheck clockCheck();

  /** Returns the background work. Only the first worker changes the store. */
  List<Worker> workers();

  /** Returns how many writes wait. */
  int queuedWrites();

  /** Refuses the writes that still wait. The store stays open. */
  @Override
  void close();

  @Override
  default Optional<NamespaceInfo> find(NamespaceId id) {
    return stored().catalog().find(id);
  }

  @Override
  default Optional<NamespaceInfo> find(AccountId account, String title) {
    return stored().catalog().find(account, title);
  }

  @Override
  default List<NamespaceInfo> list(AccountId account) {
    return stored().catalog().list(account);
  }

  @Override
  default List<AccountId> accounts() {
    return stored().catalog().accounts();
  }

  @Override
  default Namespace open(NamespaceId id) {
    return stored().open(id);
  }

  /**
   * Opens the namespace with the entries of the server itself: no account owns it and no client can
   * name it.
   */
  default Namespace system() {
    return stored().system();
  }

  /** Returns the entry, value included, if it is in memory; empty if the disk must be read. */
  default Optional<Lookup> peek(NamespaceId id, Key key) {
    return stored().peek(id, key);
  }

  /**
   * Queues the put or the delete of one small entry, and returns at once. The completion receives
   * the outcome or the failure.
   */
  default void submit(
      NamespaceId id, Mutation mutation, Condition condition, Completion<Outcome> completion) {
    stored().unchecked(id).submit(mutation, condition, completion);
  }

  /** Returns the version of the newest change. */
  default Version latest() {
    return stored().served().store().latest();
  }

  /** Returns the epoch of the store. */
  default long epoch() {
    return stored().served().store().epoch();
  }

  /** Returns the lineage of the store and its newest version. */
  default Descent descent() {
    return Descent.of(stored().served().store());
  }

  /** Returns the clock that judges expiries. */
  default InstantSource clock() {
    return stored().served().clock();
  }

  /** Returns the changes in their order. */
  default Feed feed() {
    return stored().served().feed();
  }

  /** Returns the signal that wakes the readers of the feed. */
  default FeedSignal signal() {
    return stored().signal();
  }

  /** Returns the count of entries whose metadata is not JSON, which advances as it is stepped. */
  default MetadataCount metadata() {
    return stored().metadata();
  }
}
