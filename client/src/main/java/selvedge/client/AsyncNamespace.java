package selvedge.client;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Codec;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Subscription;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * A namespace whose methods return futures. Safe for use by many threads; no method blocks.
 *
 * <p>Each method runs the method of the same name of {@link Namespace} on an executor. A future
 * fails with the exception that this method throws. Cancelling a future does not stop the call.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="async"}
 */
public final class AsyncNamespace {
  private final Namespace namespace;
  private final Executor executor;

  private AsyncNamespace(Namespace namespace, Executor executor) {
    this.namespace = namespace;
    this.executor = executor;
  }

  /**
   * Returns a namespace that runs each call on a virtual thread of its own.
   *
   * @param namespace the namespace whose methods are called
   * @return the namespace with futures
   */
  public static AsyncNamespace of(Namespace namespace) {
    return of(namespace, Thread::startVirtualThread);
  }

  /**
   * Returns a namespace that runs each call on an executor.
   *
   * @param namespace the namespace whose methods are called
   * @param executor runs calls that block
   * @return the namespace with futures
   */
  public static AsyncNamespace of(Namespace namespace, Executor executor) {
    return new AsyncNamespace(namespace, executor);
  }

  private <T> CompletableFuture<T> run(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, executor);
  }

  /**
   * Reads a key, see {@link Namespace#get(Key, ReadOptions)}.
   *
   * @param key the key
   * @param options how old the answer may be
   * @return the entry with the version of the answer
   */
  public CompletableFuture<Lookup> get(Key key, ReadOptions options) {
    return run(() -> namespace.get(key, options));
  }

  /**
   * Reads a key and the age of the answer, see {@link Namespace#getAged}.
   *
   * @param key the key
   * @param options how old the answer may be
   * @return the result and its age
   */
  public CompletableFuture<Aged> getAged(Key key, ReadOptions options) {
    return run(() -> namespace.getAged(key, options));
  }

  /**
   * Reads an entry, see {@link Namespace#find}.
   *
   * @param key the name of the key
   * @return the entry; empty if the key has none
   */
  public CompletableFuture<Optional<Entry>> find(String key) {
    return run(() -> namespace.find(key));
  }

  /**
   * Reads a value as bytes, see {@link Namespace#get(String)}.
   *
   * @param key the name of the key
   * @return the value; empty if the key has no entry
   */
  public CompletableFuture<Optional<Bytes>> get(String key) {
    return run(() -> namespace.get(key));
  }

  /**
   * Reads a value as text, see {@link Namespace#getText}.
   *
   * @param key the name of the key
   * @return the text; empty if the key has no entry
   */
  public CompletableFuture<Optional<String>> getText(String key) {
    return run(() -> namespace.getText(key));
  }

  /**
   * Reads and decodes a value, see {@link Namespace#get(String, Codec)}.
   *
   * @param <T> the type of the value
   * @param key the name of the key
   * @param codec decodes the value
   * @return the value; empty if the key has no entry
   */
  public <T> CompletableFuture<Optional<T>> get(String key, Codec<T> codec) {
    return run(() -> namespace.get(key, codec));
  }

  /**
   * Reads many keys, see {@link Namespace#getAll}.
   *
   * @param keys any number of keys
   * @param options how old the answers may be
   * @return one result for each key, in the order of the keys
   */
  public CompletableFuture<List<Lookup>> getAll(List<Key> keys, ReadOptions options) {
    return run(() -> namespace.getAll(keys, options));
  }

  /**
   * Puts a value, see {@link Namespace#put(Key, Value, WriteOptions)}.
   *
   * @param key the key
   * @param value the value
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   */
  public CompletableFuture<Outcome> put(Key key, Value value, WriteOptions options) {
    return run(() -> namespace.put(key, value, options));
  }

  /**
   * Puts a value from a stream, see {@link Namespace#put(Key, InputStream, WriteOptions)}.
   *
   * @param key the key
   * @param value the bytes of the value, read by another thread
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   */
  public CompletableFuture<Outcome> put(Key key, InputStream value, WriteOptions options) {
    return run(() -> namespace.put(key, value, options));
  }

  /**
   * Puts text, see {@link Namespace#put(String, String)}.
   *
   * @param key the name of the key
   * @param value the text
   * @return the version of the change
   */
  public CompletableFuture<Outcome> put(String key, String value) {
    return run(() -> namespace.put(key, value));
  }

  /**
   * Puts text, see {@link Namespace#put(String, String, WriteOptions)}.
   *
   * @param key the name of the key
   * @param value the text
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   */
  public CompletableFuture<Outcome> put(String key, String value, WriteOptions options) {
    return run(() -> namespace.put(key, value, options));
  }

  /**
   * Encodes and puts a value, see {@link Namespace#put(String, Object, Codec, WriteOptions)}.
   *
   * @param <T> the type of the value
   * @param key the name of the key
   * @param value the value
   * @param codec encodes the value
   * @param options metadata, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   */
  public <T> CompletableFuture<Outcome> put(
      String key, T value, Codec<T> codec, WriteOptions options) {
    return run(() -> namespace.put(key, value, codec, options));
  }

  /**
   * Replaces a value by a function of it, see {@link Namespace#update}.
   *
   * @param <T> the type of the value
   * @param key the name of the key
   * @param codec decodes and encodes the value
   * @param initial the value that a missing key counts as
   * @param change returns the new value; it may be called several times, by another thread
   * @return the new value
   */
  public <T> CompletableFuture<T> update(
      String key, Codec<T> codec, T initial, UnaryOperator<T> change) {
    return run(() -> namespace.update(key, codec, initial, change));
  }

  /**
   * Deletes an entry, see {@link Namespace#delete(Key, Condition)}.
   *
   * @param key the key
   * @param condition what must be true of the entry in place
   * @return the version of the change, or a conflict if the condition did not hold
   */
  public CompletableFuture<Outcome> delete(Key key, Condition condition) {
    return run(() -> namespace.delete(key, condition));
  }

  /**
   * Deletes an entry, see {@link Namespace#delete(String)}.
   *
   * @param key the name of the key
   * @return the version of the change
   */
  public CompletableFuture<Outcome> delete(String key) {
    return run(() -> namespace.delete(key));
  }

  /**
   * Deletes every key with a prefix, see {@link Namespace#clear}.
   *
   * @param prefix the start of the keys; empty for all keys
   * @return the version of the change
   */
  public CompletableFuture<Version> clear(String prefix) {
    return run(() -> namespace.clear(prefix));
  }

  /**
   * Adds to a number, see {@link Namespace#increment(Key, long, WriteOptions)}.
   *
   * @param key the key
   * @param amount the amount to add
   * @param options metadata and expiry of an entry that the increment creates
   * @return the new number and the version of the change
   */
  public CompletableFuture<Counted> increment(Key key, long amount, WriteOptions options) {
    return run(() -> namespace.increment(key, amount, options));
  }

  /**
   * Adds 1 to a number, see {@link Namespace#increment(String)}.
   *
   * @param key the name of the key
   * @return the new number
   */
  public CompletableFuture<Long> increment(String key) {
    return run(() -> namespace.increment(key));
  }

  /**
   * Makes all changes or none, see {@link Namespace#write}.
   *
   * @param mutations the changes, in their order
   * @return the version of the last change
   */
  public CompletableFuture<Version> write(List<Mutation> mutations) {
    return run(() -> namespace.write(mutations));
  }

  /**
   * Returns one page of a listing, see {@link Namespace#list}.
   *
   * @param listing prefix, first key and size of the page
   * @return the page
   */
  public CompletableFuture<Page> list(Listing listing) {
    return run(() -> namespace.list(listing));
  }

  /**
   * Returns all keys with a prefix, in unsigned byte order and without values. They are all in
   * memory: use {@link #list} for many.
   *
   * @param prefix the start of the keys; empty for all keys
   * @return the keys
   */
  public CompletableFuture<List<Listed>> keys(String prefix) {
    return run(() -> namespace.keys(prefix).toList());
  }

  /**
   * Counts the entries whose keys have a prefix, see {@link Namespace#count}.
   *
   * @param prefix the start of the keys; empty for all keys
   * @return the number of entries
   */
  public CompletableFuture<Long> count(String prefix) {
    return run(() -> namespace.count(Bytes.utf8(prefix)));
  }

  /**
   * Returns the newest version, see {@link Namespace#latest}.
   *
   * @return the version of the newest change that reads take into account
   */
  public CompletableFuture<Version> latest() {
    return run(namespace::latest);
  }

  /**
   * Passes changes to a function, see {@link Namespace#subscribe(String, Version, Consumer)}.
   *
   * @param prefix the start of the keys to follow; empty for all keys
   * @param after the version after which the changes begin
   * @param consumer receives each change, on another thread; its exception ends the subscription
   * @return the subscription, which the caller must close
   */
  public CompletableFuture<Subscription> subscribe(
      String prefix, Version after, Consumer<Change> consumer) {
    return run(() -> namespace.subscribe(prefix, after, consumer));
  }

  /**
   * Passes changes to a function, see {@link Namespace#subscribe(String, Version, Consumer,
   * Consumer)}.
   *
   * @param prefix the start of the keys to follow; empty for all keys
   * @param after the version after which the changes begin
   * @param consumer receives each change, on another thread; its exception ends the subscription
   * @param failed receives the exception that ends the subscription
   * @return the subscription, which the caller must close
   */
  public CompletableFuture<Subscription> subscribe(
      String prefix, Version after, Consumer<Change> consumer, Consumer<RuntimeException> failed) {
    return run(() -> namespace.subscribe(prefix, after, consumer, failed));
  }
}
