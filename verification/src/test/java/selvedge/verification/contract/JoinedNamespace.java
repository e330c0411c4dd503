package selvedge.verification.contract;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import selvedge.client.AsyncNamespace;
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
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/** A namespace that calls the methods with futures and waits for them. Safe for many threads. */
final class JoinedNamespace implements Namespace {
  private final Namespace namespace;
  private final AsyncNamespace async;

  JoinedNamespace(Namespace namespace) {
    this.namespace = namespace;
    this.async = AsyncNamespace.of(namespace);
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    return join(async.get(key, options));
  }

  @Override
  public Optional<Entry> find(String key) {
    return join(async.find(key));
  }

  @Override
  public Optional<Bytes> get(String key) {
    return join(async.get(key));
  }

  @Override
  public Optional<String> getText(String key) {
    return join(async.getText(key));
  }

  @Override
  public <T> Optional<T> get(String key, Codec<T> codec) {
    return join(async.get(key, codec));
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return join(async.getAll(keys, options));
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    return join(async.getAged(key, options));
  }

  @Override
  public Page list(Listing listing) {
    return join(async.list(listing));
  }

  @Override
  public Stream<Listed> keys(String prefix) {
    return join(async.keys(prefix)).stream();
  }

  @Override
  public long count(Bytes prefix) {
    return join(async.count(prefix.utf8()));
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    return join(async.put(key, value, options));
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    return join(async.put(key, value, options));
  }

  @Override
  public Outcome put(String key, String value) {
    return join(async.put(key, value));
  }

  @Override
  public Outcome put(String key, String value, WriteOptions options) {
    return join(async.put(key, value, options));
  }

  @Override
  public <T> Outcome put(String key, T value, Codec<T> codec, WriteOptions options) {
    return join(async.put(key, value, codec, options));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return join(async.delete(key, condition));
  }

  @Override
  public Outcome delete(String key) {
    return join(async.delete(key));
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return join(async.write(mutations));
  }

  @Override
  public Version clear(String prefix) {
    return join(async.clear(prefix));
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    return join(async.increment(key, amount, options));
  }

  @Override
  public long increment(String key) {
    return join(async.increment(key));
  }

  @Override
  public <T> T update(String key, Codec<T> codec, T initial, UnaryOperator<T> change) {
    return join(async.update(key, codec, initial, change));
  }

  @Override
  public Version latest() {
    return join(async.latest());
  }

  /** A subscription takes the place of a watch where calls do not block. */
  @Override
  public Watch watch(Bytes prefix, Version after) {
    return namespace.watch(prefix, after);
  }

  @Override
  public Subscription subscribe(String prefix, Version after, Consumer<Change> consumer) {
    return join(async.subscribe(prefix, after, consumer));
  }

  @Override
  public Subscription subscribe(
      String prefix, Version after, Consumer<Change> consumer, Consumer<RuntimeException> failed) {
    return join(async.subscribe(prefix, after, consumer, failed));
  }
}
