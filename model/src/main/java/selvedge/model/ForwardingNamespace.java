package selvedge.model;

import java.io.InputStream;
import java.util.List;

/**
 * A namespace that forwards every call to another one. Implement it to observe, restrict or change
 * some of the calls.
 *
 * <p>It forwards the methods to which all others lead: one that takes names or codecs calls these
 * methods of the implementation, so a class that overrides {@link #put(Key, Value, WriteOptions)}
 * sees every put of a value in memory.
 */
public interface ForwardingNamespace extends Namespace {

  /**
   * Returns the namespace that receives the calls.
   *
   * @return the same namespace for every call
   */
  Namespace delegate();

  @Override
  default Lookup get(Key key, ReadOptions options) {
    return delegate().get(key, options);
  }

  @Override
  default List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return delegate().getAll(keys, options);
  }

  @Override
  default Aged getAged(Key key, ReadOptions options) {
    return delegate().getAged(key, options);
  }

  @Override
  default Page list(Listing listing) {
    return delegate().list(listing);
  }

  @Override
  default long count(Bytes prefix) {
    return delegate().count(prefix);
  }

  @Override
  default Outcome put(Key key, Value value, WriteOptions options) {
    return delegate().put(key, value, options);
  }

  @Override
  default Outcome put(Key key, InputStream value, WriteOptions options) {
    return delegate().put(key, value, options);
  }

  @Override
  default Outcome delete(Key key, Condition condition) {
    return delegate().delete(key, condition);
  }

  @Override
  default Version write(List<Mutation> mutations) {
    return delegate().write(mutations);
  }

  @Override
  default Counted increment(Key key, long amount, WriteOptions options) {
    return delegate().increment(key, amount, options);
  }

  @Override
  default Version latest() {
    return delegate().latest();
  }

  @Override
  default Watch watch(Bytes prefix, Version after) {
    return delegate().watch(prefix, after);
  }
}
