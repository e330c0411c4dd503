package selvedge.patterns;

import java.io.InputStream;
import java.util.List;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/** A namespace that does what another one does; tests override what has to differ. */
abstract class ForwardingNamespace implements Namespace {
  private final Namespace namespace;

  ForwardingNamespace(Namespace namespace) {
    this.namespace = namespace;
  }

  @Override
  public Lookup get(Key key, ReadOptions how) {
    return namespace.get(key, how);
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions how) {
    return namespace.getAll(keys, how);
  }

  @Override
  public Page list(Listing listing) {
    return namespace.list(listing);
  }

  @Override
  public long count(Bytes prefix) {
    return namespace.count(prefix);
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions how) {
    return namespace.put(key, value, how);
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions how) {
    return namespace.put(key, value, how);
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return namespace.delete(key, condition);
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return namespace.write(mutations);
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions how) {
    return namespace.increment(key, amount, how);
  }

  @Override
  public Version latest() {
    return namespace.latest();
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    return namespace.watch(prefix, after);
  }
}
