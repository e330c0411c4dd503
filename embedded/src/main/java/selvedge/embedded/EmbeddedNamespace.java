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

/** A namespace of an embedded store as long as that is open. Safe for use by many threads. */
record EmbeddedNamespace(Namespace namespace, Openness openness) implements Namespace {

  @Override
  public Lookup get(Key key, ReadOptions options) {
    return openness.call(() -> namespace.get(key, options));
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return openness.call(() -> namespace.getAll(keys, options));
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    return openness.call(() -> namespace.getAged(key, options));
  }

  @Override
  public Page list(Listing listing) {
    return openness.call(() -> namespace.list(listing));
  }

  @Override
  public long count(Bytes prefix) {
    return openness.call(() -> namespace.count(prefix));
  }

  @Override
  public Version latest() {
    return openness.call(namespace::latest);
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    return openness.write(() -> namespace.put(key, value, options));
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    return openness.write(() -> namespace.put(key, value, options));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return openness.write(() -> namespace.delete(key, condition));
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return openness.write(() -> namespace.write(mutations));
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    return openness.write(() -> namespace.increment(key, amount, options));
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    Watch watch = openness.call(() -> namespace.watch(prefix, after));
    return new EmbeddedWatch(watch, openness);
  }

  /** A watch that ends with its store. */
  private record EmbeddedWatch(Watch watch, Openness openness) implements Watch {
    @Override
    public Optional<Change> next(Duration patience) {
      Optional<Change> next = openness.call(() -> watch.next(patience));
      if (next.isEmpty()) {
        openness.require();
      }
      return next;
    }

    @Override
    public boolean isCurrent() {
      return !openness.isClosed() && watch.isCurrent();
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
