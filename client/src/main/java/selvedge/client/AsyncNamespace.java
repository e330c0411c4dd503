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
 * A namespace for callers that take futures. Safe for use by many threads.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="async"}
 *
 * @param executor runs the blocking calls, such as one that starts a virtual thread for each
 */
public record AsyncNamespace(Namespace namespace, Executor executor) {

  /** On a virtual thread for each call. */
  public static AsyncNamespace of(Namespace namespace) {
    return new AsyncNamespace(namespace, Thread::startVirtualThread);
  }

  private <T> CompletableFuture<T> run(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, executor);
  }

  public CompletableFuture<Lookup> get(Key key, ReadOptions options) {
    return run(() -> namespace.get(key, options));
  }

  public CompletableFuture<List<Lookup>> getAll(List<Key> keys, ReadOptions options) {
    return run(() -> namespace.getAll(keys, options));
  }

  public CompletableFuture<Outcome> put(Key key, Value value, WriteOptions options) {
    return run(() -> namespace.put(key, value, options));
  }

  public CompletableFuture<Outcome> delete(Key key, Condition condition) {
    return run(() -> namespace.delete(key, condition));
  }

  public CompletableFuture<Counted> increment(Key key, long amount, WriteOptions options) {
    return run(() -> namespace.increment(key, amount, options));
  }

  public CompletableFuture<Version> write(List<Mutation> mutations) {
    return run(() -> namespace.write(mutations));
  }

  public CompletableFuture<Page> list(Listing listing) {
    return run(() -> namespace.list(listing));
  }
}
