package selvedge.model;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A named set of keys that can be read, written, listed and watched.
 *
 * <p>The contract of the fake, the origin, the edge and the client. Safe for use by many threads;
 * every method may block. A write that has returned is durable and is seen by every later read at
 * the same place.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="put"}
 */
public interface Namespace {

  Lookup get(Key key, ReadOptions how);

  default Lookup get(Key key) {
    return get(key, ReadOptions.PLAIN);
  }

  /** Returns what the key holds, if anything. */
  default Optional<Bytes> get(String key) {
    return get(key, Codec.BYTES);
  }

  default Optional<String> getText(String key) {
    return get(key, Codec.TEXT);
  }

  default <T> Optional<T> get(String key, Codec<T> codec) {
    return get(Key.of(key)) instanceof Lookup.Found found
        ? Optional.of(codec.decode(found.entry().value().bytes()))
        : Optional.empty();
  }

  /** Returns what each key holds, in the order of the keys. */
  default List<Lookup> getAll(List<Key> keys, ReadOptions how) {
    return keys.stream().map(key -> get(key, how)).toList();
  }

  /** As {@link #get}, with the age of the answer. */
  default Aged getAged(Key key, ReadOptions how) {
    return new Aged(get(key, how), Optional.of(Duration.ZERO));
  }

  /** Returns keys in unsigned byte order. An incomplete page is never empty. */
  Page list(Listing listing);

  /** Returns all keys with the prefix in unsigned byte order, a page at a time as they are used. */
  default Stream<Listed> keys(String prefix) {
    return Pages.all(this, Listing.prefix(prefix, Pages.KEYS_AT_ONCE));
  }

  /** Returns how many readable entries start with the prefix. */
  long count(Bytes prefix);

  Outcome put(Key key, Value value, WriteOptions how);

  /** Reads the stream to its end; if it fails half-way, nothing has changed. */
  Outcome put(Key key, InputStream value, WriteOptions how);

  /** Puts without a condition, and returns the version of the entry. */
  default Version put(String key, String value) {
    return put(key, value, Codec.TEXT, WriteOptions.PLAIN);
  }

  default Version put(String key, String value, WriteOptions how) {
    return put(key, value, Codec.TEXT, how);
  }

  /** Puts without a condition, and returns the version of the entry. */
  default <T> Version put(String key, T value, Codec<T> codec, WriteOptions how) {
    if (!(how.condition() instanceof Condition.Always)) {
      throw new InvalidRequestException(
          "what becomes of a conditional put is an Outcome: put(Key, Value, Put)");
    }
    return put(Key.of(key), codec.encode(value), how) instanceof Outcome.Accepted accepted
        ? accepted.version()
        : Version.NONE;
  }

  /** Deleting a missing key is accepted, unless the condition asks for a version. */
  Outcome delete(Key key, Condition condition);

  default void delete(String key) {
    delete(Key.of(key), Condition.ALWAYS);
  }

  /**
   * Applies all mutations or none, in order, and returns the version of the last. A value of more
   * than {@link Limit#INLINE_BYTES} is put by itself.
   */
  Version write(List<Mutation> mutations);

  /** Deletes every key with the prefix, as one change. */
  default Version clear(String prefix) {
    return write(List.of(new Mutation.Clear(Bytes.utf8(prefix))));
  }

  /**
   * Adds to the whole number stored as decimal text under the key; a missing key counts as 0.
   *
   * @param how metadata and expiry for an entry that is created; an entry in place keeps its own
   */
  Counted increment(Key key, long amount, WriteOptions how);

  /** The newest change that a read here takes into account. */
  Version latest();

  /**
   * Returns the changes after a version that touch keys with the prefix. A clear is one of them if
   * it may have deleted such a key.
   */
  Watch watch(Bytes prefix, Version after);
}
