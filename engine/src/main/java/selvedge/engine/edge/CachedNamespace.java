package selvedge.engine.edge;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import selvedge.engine.namespace.StoredNamespace;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NotHereException;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;
import selvedge.model.wire.Omitted;

/**
 * A namespace of which an edge holds only entries that were read. Safe for use by many threads.
 *
 * <p>A listing, a count, a large value or a change throws {@link NotHereException}, because it
 * needs the whole namespace.
 */
final class CachedNamespace implements Namespace {
  private final NamespaceId id;
  private final ReadThrough reads;
  private final InstantSource clock;

  CachedNamespace(NamespaceId id, ReadThrough reads, InstantSource clock) {
    this.id = id;
    this.reads = reads;
    this.clock = clock;
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    return getAll(List.of(key), options).getFirst();
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return reads.get(id, keys, options).stream()
        .map(lookup -> StoredNamespace.unexpired(lookup, clock))
        .peek(CachedNamespace::requireHeld)
        .toList();
  }

  private static void requireHeld(Lookup lookup) {
    if (lookup instanceof Lookup.Found found && found.entry().value() instanceof Omitted value) {
      value.open();
    }
  }

  @Override
  public Page list(Listing listing) {
    throw notHere();
  }

  @Override
  public long count(Bytes prefix) {
    throw notHere();
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    throw notHere();
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    throw notHere();
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    throw notHere();
  }

  @Override
  public Version write(List<Mutation> mutations) {
    throw notHere();
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    throw notHere();
  }

  @Override
  public Version latest() {
    throw notHere();
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    throw notHere();
  }

  private NotHereException notHere() {
    return new NotHereException("namespace " + id + " is only cached here: ask the origin");
  }
}
