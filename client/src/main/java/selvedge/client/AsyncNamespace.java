package selvedge.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
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
}
