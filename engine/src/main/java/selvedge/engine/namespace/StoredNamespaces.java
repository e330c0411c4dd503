package selvedge.engine.namespace;

import java.util.Optional;
import selvedge.engine.feed.FeedSignal;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;

/**
 * The namespaces of a store, which an origin and a replica serve alike. Safe for use by many
 * threads.
 */
public final class StoredNamespaces {
  private final ServedStore served;
  private final Writes writes;
  private final ReadPolicy reads;
  private final Catalog catalog;
  private final FeedSignal signal;
  private final MetadataCount metadata;

  /**
   * @param writes receives the writes of every opened namespace
   * @param reads decides which reads are answered
   */
  public StoredNamespaces(ServedStore served, Writes writes, ReadPolicy reads) {
    this.served = served;
    this.writes = writes;
    this.reads = reads;
    this.catalog = new Catalog(served.store());
    this.signal = new FeedSignal(served.store().latest());
    this.metadata = new MetadataCount(this);
  }

  /** Opens a namespace of the catalog. */
  public StoredNamespace open(NamespaceId id) {
    require(id);
    reads.admit(id);
    return new StoredNamespace(id, this);
  }

  /** Opens the namespace that has the entries of the server itself. */
  StoredNamespace system() {
    return new StoredNamespace(NamespaceId.SYSTEM, this);
  }

  /** Opens a namespace without a check: its reads throw if the catalog does not have it. */
  StoredNamespace unchecked(NamespaceId id) {
    return new StoredNamespace(id, this);
  }

  /** Returns the entry if it is in memory; empty if the disk must be read. */
  public Optional<Lookup> peek(NamespaceId id, Key key) {
    if (!catalog.has(id)) {
      return Optional.empty();
    }
    reads.admit(id);
    return served
        .store()
        .peek(id, key)
        .map(lookup -> StoredNamespace.unexpired(lookup, served.clock()));
  }

  /** Returns the namespace, or throws if the catalog does not have it. */
  public NamespaceInfo require(NamespaceId id) {
    return catalog
        .find(id)
        .orElseThrow(() -> new NamespaceNotFoundException("there is no namespace " + id));
  }

  ServedStore served() {
    return served;
  }

  Writes writes() {
    return writes;
  }

  ReadPolicy reads() {
    return reads;
  }

  /** Returns the catalog. The thread that changes the store applies each commit to it. */
  public Catalog catalog() {
    return catalog;
  }

  /**
   * Returns the signal that wakes the readers of the feed. The thread that changes the store raises
   * it after each commit.
   */
  public FeedSignal signal() {
    return signal;
  }

  /** Returns the count of entries whose metadata is not JSON, which advances as it is stepped. */
  MetadataCount metadata() {
    return metadata;
  }
}
