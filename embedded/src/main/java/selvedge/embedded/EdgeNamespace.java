package selvedge.embedded;

import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NotHereException;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * A namespace of an edge inside a program. Safe for use by many threads.
 *
 * <p>This process always reads its own writes: from the replica once they have arrived, or else
 * from the origin.
 */
final class EdgeNamespace implements Namespace {
  private final EmbeddedEdge edge;
  private final NamespaceId id;
  private final Supplier<Namespace> origin;
  private final AtomicReference<Written> written =
      new AtomicReference<>(new Written(Version.NONE, 0));

  /**
   * The newest write of this process.
   *
   * @param epoch of the replica when it was last known that no promotion or restore has lost it
   */
  private record Written(Version version, long epoch) {}

  /**
   * @param origin asks the origin for the namespace, when it is first needed there: reads go on
   *     without the origin
   */
  EdgeNamespace(EmbeddedEdge edge, NamespaceId id, Supplier<Namespace> origin) {
    this.edge = edge;
    this.id = id;
    this.origin = origin;
  }

  private <T> T local(Function<Namespace, T> read) {
    return edge.local(replica -> read.apply(replica.open(id)));
  }

  /** Returns the newest write of this process, unless a promotion or a restore has lost it. */
  private Version own() {
    Written last = written.get();
    long epoch = last.version().equals(Version.NONE) ? last.epoch() : edge.epoch();
    if (epoch == last.epoch()) {
      return last.version();
    }
    Version left = edge.isLost(last.version()) ? Version.NONE : last.version();
    written.compareAndSet(last, new Written(left, epoch));
    return left;
  }

  /**
   * Reads from the replica, or from the origin if the replica is not fresh enough. The origin
   * refuses a version that was lost.
   */
  private <T> T fresh(
      ReadOptions options, Function<ReadOptions, T> here, Function<ReadOptions, T> there) {
    if (edge.isLost(options.atLeast())) {
      return there.apply(options);
    }
    Version own = own();
    ReadOptions asked = own.compareTo(options.atLeast()) > 0 ? options.atLeast(own) : options;
    if (asked.atLeast().equals(Version.NONE) || edge.hasArrived(asked.atLeast())) {
      try {
        return here.apply(asked);
      } catch (NotHereException e) {
        return there.apply(asked);
      }
    }
    return there.apply(asked);
  }

  private <T> T fresh(Function<Namespace, T> read) {
    return fresh(ReadOptions.PLAIN, _ -> local(read), _ -> read.apply(origin.get()));
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    return fresh(
        options,
        asked -> local(here -> here.get(key, asked)),
        asked -> origin.get().get(key, asked));
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    return fresh(
        options,
        asked -> local(here -> here.getAged(key, asked)),
        asked -> origin.get().getAged(key, asked));
  }

  @Override
  public List<Lookup> getAll(List<Key> keys, ReadOptions options) {
    return fresh(
        options,
        asked -> local(here -> here.getAll(keys, asked)),
        asked -> origin.get().getAll(keys, asked));
  }

  @Override
  public Page list(Listing listing) {
    return fresh(namespace -> namespace.list(listing));
  }

  @Override
  public long count(Bytes prefix) {
    return fresh(namespace -> namespace.count(prefix));
  }

  @Override
  public Version latest() {
    return fresh(Namespace::latest);
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    return new EdgeWatch(edge, id, prefix, after);
  }

  private Version made(Version version) {
    written.accumulateAndGet(
        new Written(version, edge.epoch()),
        (one, other) -> one.version().compareTo(other.version()) < 0 ? other : one);
    edge.hasArrived(version);
    return version;
  }

  private Outcome made(Outcome outcome) {
    if (outcome instanceof Outcome.Accepted(Version version)) {
      made(version);
    }
    return outcome;
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    return made(origin.get().put(key, value, options));
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    return made(origin.get().put(key, value, options));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return made(origin.get().delete(key, condition));
  }

  @Override
  public Version write(List<Mutation> mutations) {
    return made(origin.get().write(mutations));
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    Counted counted = origin.get().increment(key, amount, options);
    made(counted.version());
    return counted;
  }
}
