package selvedge.model;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A named set of keys that can be read, written, listed and watched.
 *
 * <p>It is the same contract for the fake, the embedded store, an edge and a client. Every method
 * is safe for use by many threads and may block on disk or network; none of them may be called from
 * an event loop. A write that has returned is durable, and every later read through the same
 * namespace sees it.
 *
 * <p>Every method may throw a {@link SelvedgeException}, whose {@link SelvedgeException#remedy()}
 * says whether a new attempt can help: a {@link NamespaceNotFoundException} once the namespace is
 * deleted, a {@link ClosedException} after the store or client was closed, an {@link
 * OverloadedException} when a queue is full or the origin cannot be reached. Only further
 * exceptions are documented with the methods. {@link ForwardingNamespace} helps to wrap one.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="put"}
 */
public interface Namespace {

  /**
   * Reads a key. A missing key is not an error.
   *
   * @param key the key
   * @param options how old the answer may be
   * @return the entry with the version of the answer; a large value is not yet in memory
   * @throws StaleException if the required version or age cannot be had here
   */
  Lookup get(Key key, ReadOptions options);

  /**
   * Reads a key with {@link ReadOptions#PLAIN}. A missing key is not an error.
   *
   * @param key the key
   * @return the entry with the version of the answer
   */
  default Lookup get(Key key) {
    return get(key, ReadOptions.PLAIN);
  }

  /**
   * Returns the entry of a key: value, metadata, expiry and version.
   *
   * @param key the name of the key
   * @return empty if the key has no entry
   * @throws InvalidKeyException if the text cannot be a key
   */
  default Optional<Entry> find(String key) {
    return get(Key.of(key)).find();
  }

  /**
   * Returns the value of a key as bytes.
   *
   * @param key the name of the key
   * @return empty if the key has no entry
   * @throws InvalidKeyException if the text cannot be a key
   */
  default Optional<Bytes> get(String key) {
    return get(key, Codec.BYTES);
  }

  /**
   * Returns the value of a key as text in UTF-8.
   *
   * @param key the name of the key
   * @return empty if the key has no entry
   * @throws InvalidKeyException if the text cannot be a key
   */
  default Optional<String> getText(String key) {
    return get(key, Codec.TEXT);
  }

  /**
   * Returns the value of a key, decoded.
   *
   * @param <T> the type of the value
   * @param key the name of the key
   * @param codec decodes the value
   * @return empty if the key has no entry
   * @throws InvalidKeyException if the text cannot be a key
   * @throws InvalidRequestException if the codec cannot decode the value
   */
  default <T> Optional<T> get(String key, Codec<T> codec) {
    return find(key).map(entry -> codec.decode(entry.value().bytes()));
  }

  /**
   * Reads many keys, in as few requests as possible. The answers may be of different versions.
   *
   * @param keys any number of keys
   * @param options how old the answers may be
   * @return one result for each key, in the order of the keys
   * @throws StaleException if the required version or age cannot be had here
   */
  default List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return keys.stream().map(key -> get(key, options)).toList();
  }

  /**
   * Reads a key as {@link #get(Key, ReadOptions)} does, and returns the age of the answer with it.
   *
   * @param key the key
   * @param options how old the answer may be
   * @return the result and its age
   * @throws StaleException if the required version or age cannot be had here
   */
  default Aged getAged(Key key, ReadOptions options) {
    return new Aged(get(key, options), Optional.of(Duration.ZERO));
  }

  /**
   * Returns one page of a listing, in unsigned byte order of the keys and without values.
   *
   * @param listing prefix, first key and size of the page
   * @return the page; one that is not complete is never empty
   * @throws LimitExceededException if the page is larger than {@link Limit#PAGE_KEYS}
   */
  Page list(Listing listing);

  /**
   * Returns all keys with a prefix in unsigned byte order, without values. The stream reads page
   * after page while it is consumed, so it sees changes that are made meanwhile.
   *
   * @param prefix the start of the keys; empty for all keys
   * @return a sequential stream, which need not be closed; its operations block and throw as {@link
   *     #list} does
   */
  default Stream<Listed> keys(String prefix) {
    return Pages.all(this, Listing.prefix(prefix, Pages.KEYS_AT_ONCE));
  }

  /**
   * Counts the entries whose keys have a prefix, without those that have expired. It reads all of
   * them, so it takes time in proportion to their number.
   *
   * @param prefix the start of the keys; empty for all keys
   * @return the number of entries
   * @throws LimitExceededException if a server would read more than {@link Limit#COUNT_KEYS}
   */
  long count(Bytes prefix);

  /**
   * Puts a value: it replaces value, metadata and expiry of an entry in place.
   *
   * @param key the key
   * @param value the value
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   * @throws LimitExceededException if key, value or metadata are too large
   * @throws InvalidMetadataException if the metadata is not JSON
   * @throws StorageFullException if the disk has no room
   */
  Outcome put(Key key, Value value, WriteOptions options);

  /**
   * Puts a value from a stream, which is read to its end and may be closed. An exception of the
   * stream leaves the entry as it was.
   *
   * @param key the key
   * @param value the bytes of the value
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   * @throws LimitExceededException if key, value or metadata are too large
   * @throws InvalidMetadataException if the metadata is not JSON
   * @throws StorageFullException if the disk has no room
   * @throws java.io.UncheckedIOException if the stream fails
   */
  Outcome put(Key key, InputStream value, WriteOptions options);

  /**
   * Puts text in UTF-8, without metadata, expiry and condition.
   *
   * @param key the name of the key
   * @param value the text
   * @return the version of the change
   * @throws InvalidKeyException if the text cannot be a key
   */
  default Outcome put(String key, String value) {
    return put(key, value, Codec.TEXT, WriteOptions.PLAIN);
  }

  /**
   * Puts text in UTF-8.
   *
   * @param key the name of the key
   * @param value the text
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   * @throws InvalidKeyException if the text cannot be a key
   */
  default Outcome put(String key, String value, WriteOptions options) {
    return put(key, value, Codec.TEXT, options);
  }

  /**
   * Puts a value, encoded.
   *
   * @param <T> the type of the value
   * @param key the name of the key
   * @param value the value
   * @param codec encodes the value
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   * @throws InvalidKeyException if the text cannot be a key
   */
  default <T> Outcome put(String key, T value, Codec<T> codec, WriteOptions options) {
    return put(Key.of(key), codec.encode(value), options);
  }

  /**
   * Deletes an entry. Without a condition a missing key is accepted: it is not an error.
   *
   * @param key the key
   * @param condition what must be true of the entry in place
   * @return the version of the change, or a conflict if the condition did not hold
   */
  Outcome delete(Key key, Condition condition);

  /**
   * Deletes an entry. A missing key is not an error.
   *
   * @param key the name of the key
   * @return the version of the change
   * @throws InvalidKeyException if the text cannot be a key
   */
  default Outcome delete(String key) {
    return delete(Key.of(key), Condition.ALWAYS);
  }

  /**
   * Makes all changes or none, in their order: readers and watchers never see a part of them.
   *
   * @param mutations any number of changes; none is not an error and changes nothing
   * @return the version of the last change
   * @throws LimitExceededException if a value is larger than {@link Limit#INLINE_BYTES}, which must
   *     be put alone, or if the request as a whole is too large
   */
  Version write(List<Mutation> mutations);

  /**
   * Deletes every key with a prefix, however many there are, as one change.
   *
   * @param prefix the start of the keys; empty for all keys
   * @return the version of the change
   */
  default Version clear(String prefix) {
    return write(List.of(new Mutation.Clear(Bytes.utf8(prefix))));
  }

  /**
   * Adds to the whole number that is stored as decimal text under a key. Concurrent increments are
   * exact. A missing key counts as 0.
   *
   * @param key the key
   * @param amount the amount to add, which may be negative
   * @param options metadata and expiry of an entry that the increment creates; an entry in place
   *     keeps its own
   * @return the new number and the version of the change
   * @throws InvalidRequestException if the entry in place is no whole number, the sum does not fit
   *     in 64 bits, or the options have a condition
   */
  Counted increment(Key key, long amount, WriteOptions options);

  /**
   * Adds 1 to the whole number that is stored as decimal text under a key.
   *
   * @param key the name of the key
   * @return the new number
   * @throws InvalidKeyException if the text cannot be a key
   * @throws InvalidRequestException if the entry in place is no whole number
   */
  default long increment(String key) {
    return increment(Key.of(key), 1, WriteOptions.PLAIN).value();
  }

  /**
   * Replaces the value of a key by a function of it, and keeps metadata and expiry. When another
   * writer changes the entry meanwhile, it reads again and calls the function again, so no change
   * is lost.
   *
   * @param <T> the type of the value
   * @param key the name of the key
   * @param codec decodes and encodes the value
   * @param initial the value that a missing key counts as
   * @param change returns the new value; it may be called several times, and its exception leaves
   *     the entry as it was
   * @return the new value
   * @throws InvalidKeyException if the text cannot be a key
   * @throws InvalidRequestException if the codec cannot decode the value in place
   * @throws LimitExceededException if the new value is too large
   * @throws OverloadedException if other writers changed the entry 10,000 times in a row
   */
  default <T> T update(String key, Codec<T> codec, T initial, UnaryOperator<T> change) {
    return Update.run(
        this,
        Key.of(key),
        current -> {
          T before = current.map(entry -> codec.decode(entry.value().bytes())).orElse(initial);
          T after = change.apply(before);
          WriteOptions options =
              current
                  .map(
                      entry -> WriteOptions.PLAIN.metadata(entry.metadata()).expiry(entry.expiry()))
                  .orElse(WriteOptions.PLAIN);
          return Update.Decision.put(codec.encode(after), options, after);
        });
  }

  /**
   * Returns the version of the newest change that reads take into account here.
   *
   * @return a version of the store, which need not be that of an entry of this namespace
   */
  Version latest();

  /**
   * Follows the changes after a version, without a gap. Start with {@link #latest()} to see only
   * new changes.
   *
   * @param prefix the start of the keys to follow; empty for all keys. A deletion by prefix is
   *     included if it may concern such a key.
   * @param after the version after which the changes begin
   * @return an open watch, which the caller must close; a version that is too old is reported by
   *     its first {@link Watch#next} as a {@link WatchLostException}
   */
  Watch watch(Bytes prefix, Version after);

  /**
   * Passes the changes after a version to a function, in their order and without a gap. Opening the
   * watch may block; the calls are made on another thread. If the subscription fails, the failure
   * is written to the {@link System.Logger} {@code selvedge.model}.
   *
   * @param prefix the start of the keys to follow, as for {@link #watch}
   * @param after the version after which the changes begin
   * @param consumer receives each change; its exception ends the subscription
   * @return the subscription, which the caller must close
   */
  default Subscription subscribe(String prefix, Version after, Consumer<Change> consumer) {
    return subscribe(prefix, after, consumer, Subscription::log);
  }

  /**
   * Passes the changes after a version to a function, as {@link #subscribe(String, Version,
   * Consumer)} does, and the failure that ends the subscription to another one.
   *
   * @param prefix the start of the keys to follow, as for {@link #watch}
   * @param after the version after which the changes begin
   * @param consumer receives each change; its exception ends the subscription
   * @param failed receives the exception of the watch, such as a {@link WatchLostException}, or of
   *     the consumer; it is called once at most
   * @return the subscription, which the caller must close
   */
  default Subscription subscribe(
      String prefix, Version after, Consumer<Change> consumer, Consumer<RuntimeException> failed) {
    return Subscription.start(watch(Bytes.utf8(prefix), after), after, consumer, failed);
  }
}
