package selvedge.model.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/** A namespace of {@link MemoryNamespaces}. Safe for use by many threads, one at a time. */
final class MemoryNamespace implements Namespace {
  private final NamespaceId id;
  private final InstantSource clock;
  private final Limits limits;
  private final MemoryEntries entries = new MemoryEntries();
  private final MemoryFeed feed = new MemoryFeed();
  private boolean dropped;

  MemoryNamespace(NamespaceId id, InstantSource clock, Limits limits) {
    this.id = id;
    this.clock = clock;
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  /** Returns all changes, beginning with version 1. */
  MemoryFeed feed() {
    return feed;
  }

  @Override
  public synchronized Lookup get(Key key, ReadOptions options) {
    requireExists();
    return entries.get(limits.requireKey(key), clock.instant());
  }

  @Override
  public synchronized Page list(Listing listing) {
    requireExists();
    limits.requirePrefix(listing.prefix());
    return entries.list(listing, clock.instant());
  }

  @Override
  public synchronized long count(Bytes prefix) {
    requireExists();
    return entries.count(limits.requirePrefix(prefix), clock.instant());
  }

  @Override
  public synchronized Version latest() {
    requireExists();
    return entries.latest();
  }

  @Override
  public Outcome put(Key key, InputStream stream, WriteOptions options) {
    try {
      long lengthMax = limits.get(Limit.VALUE_BYTES);
      byte[] value = stream.readNBytes(Math.toIntExact(lengthMax + 1));
      return put(key, Bytes.adopt(value), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized Outcome put(Key key, Value value, WriteOptions options) {
    requireExists();
    limits.requirePut(key, options.metadata());
    limits.requireValue(value);
    Expiry expiry = limits.requireTimeToLive(options).expiryFrom(clock.instant());
    return conflict(key, options.condition())
        .orElseGet(() -> accept(key, value.bytes(), options.metadata(), expiry));
  }

  @Override
  public synchronized Outcome delete(Key key, Condition condition) {
    requireExists();
    return conflict(limits.requireKey(key), condition)
        .orElseGet(
            () -> {
              apply(new Mutation.Delete(key));
              return new Outcome.Accepted(entries.latest());
            });
  }

  private Outcome accept(Key key, Value value, Metadata metadata, Expiry expiry) {
    apply(new Mutation.Put(key, value, metadata, expiry));
    return new Outcome.Accepted(entries.latest());
  }

  private Optional<Outcome> conflict(Key key, Condition condition) {
    Version current = find(key).map(Entry::version).orElse(Version.NONE);
    boolean holds =
        switch (condition) {
          case Condition.Always() -> true;
          case Condition.Absent() -> current.equals(Version.NONE);
          case Condition.Is(Version version) -> current.equals(version);
        };
    return holds ? Optional.empty() : Optional.of(new Outcome.Conflict(current));
  }

  @Override
  public synchronized Version write(List<Mutation> mutations) {
    requireExists();
    mutations.forEach(limits::requireInline);
    Instant now = clock.instant();
    List<Mutation> decided = mutations.stream().map(mutation -> decided(mutation, now)).toList();
    decided.forEach(this::apply);
    return entries.latest();
  }

  private static Mutation decided(Mutation mutation, Instant now) {
    return mutation instanceof Mutation.Put put ? put.decidedAt(now) : mutation;
  }

  private void apply(Mutation mutation) {
    var change = new Change(entries.latest().next(), clock.instant(), id, mutation);
    entries.apply(change);
    feed.add(change);
  }

  @Override
  public synchronized Counted increment(Key key, long amount, WriteOptions options) {
    requireExists();
    limits.requirePut(key, options.metadata());
    limits.requireTimeToLive(options.requireUnconditional());
    Optional<Entry> current = find(key);
    String number = current.map(entry -> entry.value().bytes().utf8()).orElse("0");
    Metadata metadata = current.map(Entry::metadata).orElse(options.metadata());
    Expiry expiry = current.map(Entry::expiry).orElse(options.expiryFrom(clock.instant()));
    try {
      long sum = Math.addExact(Long.parseLong(number), amount);
      accept(key, Bytes.utf8(Long.toString(sum)), metadata, expiry);
      return new Counted(sum, entries.latest());
    } catch (NumberFormatException | ArithmeticException e) {
      throw new InvalidRequestException(
          "the value of \""
              + key
              + "\" must be a whole number to which "
              + amount
              + " can be added");
    }
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    latest();
    return new MemoryWatch(feed, limits.requirePrefix(prefix), after, () -> {});
  }

  private Optional<Entry> find(Key key) {
    return entries.find(key, clock.instant());
  }

  synchronized void drop() {
    dropped = true;
    entries.clear();
  }

  private void requireExists() {
    if (dropped) {
      throw new NamespaceNotFoundException("the namespace has been deleted");
    }
  }
}
