package selvedge.model.testing;

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

/** A namespace of {@link MemoryEdge}. Safe for use by many threads, one at a time. */
final class MemoryEdgeNamespace implements Namespace {

  private final MemoryNamespace origin;
  private final MemoryEdge.Line line;
  private final MemoryEntries entries = new MemoryEntries();
  private final MemoryFeed feed = new MemoryFeed();

  MemoryEdgeNamespace(MemoryNamespace origin, MemoryEdge.Line line) {
    this.origin = origin;
    this.line = line;
  }

  private synchronized void catchUp() {
    origin.latest();
    for (Optional<Change> next = nextChange();
        next.isPresent() && line.hasBrought(next.get().at());
        next = nextChange()) {
      apply(next.get());
    }
  }

  private Optional<Change> nextChange() {
    return origin.feed().at(Math.toIntExact(entries.latest().number()), Duration.ZERO);
  }

  private void apply(Change change) {
    entries.apply(change);
    feed.add(change);
  }

  /** Applies a change that was made here, and all changes before it, without the lag. */
  private synchronized Version applyUpTo(Version version) {
    for (Optional<Change> next = nextChange();
        next.isPresent() && next.get().version().compareTo(version) <= 0;
        next = nextChange()) {
      apply(next.get());
    }
    return version;
  }

  private Outcome applyUpTo(Outcome outcome) {
    if (outcome instanceof Outcome.Accepted accepted) {
      applyUpTo(accepted.version());
    }
    return outcome;
  }

  @Override
  public synchronized Lookup get(Key key, ReadOptions options) {
    return getAged(key, options).lookup();
  }

  @Override
  public synchronized Aged getAged(Key key, ReadOptions options) {
    catchUp();
    origin.limits().requireKey(key);
    if (entries.latest().compareTo(options.atLeast()) >= 0
        && line.age().compareTo(options.maxAge()) <= 0) {
      return new Aged(entries.get(key, line.now()), Optional.of(line.age()));
    }
    line.requireOpen();
    return new Aged(origin.get(key, options), Optional.of(Duration.ZERO));
  }

  @Override
  public synchronized Page list(Listing listing) {
    catchUp();
    origin.limits().requirePrefix(listing.prefix());
    return entries.list(listing, line.now());
  }

  @Override
  public synchronized long count(Bytes prefix) {
    catchUp();
    return entries.count(origin.limits().requirePrefix(prefix), line.now());
  }

  @Override
  public synchronized Version latest() {
    catchUp();
    return entries.latest();
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    line.requireOpen();
    return applyUpTo(origin.put(key, value, options));
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    line.requireOpen();
    return applyUpTo(origin.put(key, value, options));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    line.requireOpen();
    return applyUpTo(origin.delete(key, condition));
  }

  @Override
  public Version write(List<Mutation> mutations) {
    line.requireOpen();
    return applyUpTo(origin.write(mutations));
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    line.requireOpen();
    Counted counted = origin.increment(key, amount, options);
    applyUpTo(counted.version());
    return counted;
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    return new MemoryWatch(feed, origin.limits().requirePrefix(prefix), after, this::catchUp);
  }
}
