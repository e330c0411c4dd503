package selvedge.engine.namespace;

import java.util.List;
import java.util.Optional;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.replication.Descent;
import selvedge.engine.work.Worker;
import selvedge.model.Condition;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.model.Outcome;
import selvedge.model.Version;

/** Whoever keeps a store and answers from it: an origin or a replica. Safe for many threads. */
public interface StoreRole extends Namespaces, AutoCloseable {

  /** Entries that the server itself keeps: no account owns them and no client can name them. */
  Namespace system();

  /** Answers from memory, value and all, if it can; empty when the disk must be asked. */
  Optional<Lookup> peek(NamespaceId id, Key key);

  /**
   * Queues the put or the delete of one small entry, and returns at once; whatever becomes of it,
   * the completion hears it.
   */
  void submit(
      NamespaceId id, Mutation mutation, Condition condition, Completion<Outcome> completion);

  /** The newest change. */
  Version latest();

  long epoch();

  /** Where the changes come from, and how far they go. */
  Descent descent();

  /** The changes in their order. */
  Feed feed();

  /** Tells when the feed goes on. */
  FeedSignal signal();

  /** The count of entries whose metadata is not JSON, which goes on while a thread steps it. */
  MetadataCount metadata();

  /** The background work, of which the first changes the store. */
  List<Worker> workers();

  /** Why no expired entry is freed: the clock cannot be trusted. Empty while it is trusted. */
  Optional<String> clockDoubt();

  /** An operator says that the clock is right. */
  void confirmClock();

  /** How many writes wait. */
  int queuedWrites();

  /** Refuses the writes that still wait. The store stays open. */
  @Override
  void close();
}
