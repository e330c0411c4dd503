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
 * A namespace of which only what was read is here. Any thread may use it.
 *
 * <p>What needs all of it, a large value or a change, throws {@link NotHereException}.
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
  public Lookup get(Key key, ReadOptions how) {
    return getAll(List.of(key), how).getFirst();
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions how) {
    return reads.get(id, keys, how).stream()
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
  public Outcome put(Key key, Value value, WriteOptions how) {
    throw notHere();
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions how) {
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
  public Counted increment(Key key, long amount, WriteOptions how) {
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
