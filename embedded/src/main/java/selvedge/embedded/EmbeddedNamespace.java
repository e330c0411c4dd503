package selvedge.embedded;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Change;
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

/**
 * A namespace of an embedded store, usable while the store is open. Safe for use by many threads.
 */
record EmbeddedNamespace(Namespace namespace, OpenState state) implements Namespace {

  @Override
  public Lookup get(Key key, ReadOptions options) {
    return state.call(() -> namespace.get(key, options));
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return state.call(() -> namespace.getAll(keys, options));
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    return state.call(() -> namespace.getAged(key, options));
  }

  @Override
  public Page list(Listing listing) {
    return state.call(() -> namespace.list(listing));
  }

  @Override
  public long count(Bytes prefix) {
    return state.call(() -> namespace.count(prefix));
  }

  @Override
  public Version latest() {
    return state.call(namespace::latest);
  }

  private WriteOptions checked(WriteOptions options) {
    return state.limits().requireTimeToLive(options);
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    return state.write(() -> namespace.put(key, value, checked(options)));
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    return state.write(() -> namespace.put(key, value, checked(options)));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return state.write(() -> namespace.delete(key, condition));
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return state.write(() -> namespace.write(mutations));
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    return state.write(() -> namespace.increment(key, amount, checked(options)));
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    Watch watch = state.call(() -> namespace.watch(prefix, after));
    return new EmbeddedWatch(watch, state);
  }

  /** A watch that ends when its store is closed. */
  private record EmbeddedWatch(Watch watch, OpenState state) implements Watch {
    @Override
    public Optional<Change> next(Duration patience) {
      Optional<Change> next = state.call(() -> watch.next(patience));
      if (next.isEmpty()) {
        state.require();
      }
      return next;
    }

    @Override
    public boolean isCurrent() {
      return !state.isClosed() && watch.isCurrent();
    }

    @Override
    public Version version() {
      return watch.version();
    }

    @Override
    public void close() {
      watch.close();
    }
  }
}
