package selvedge.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A namespace in memory. Safe for use by many threads: one at a time is inside. */
final class MemoryNamespace implements Namespace {
  private final InstantSource clock;
  private final Limits limits;
  private final TreeMap<Bytes, Entry> entries = new TreeMap<>();
  private Version latest = Version.NONE;
  private boolean dropped;

  MemoryNamespace(InstantSource clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  @Override
  public synchronized Lookup get(Key key, Get how) {
    requireThere();
    Optional<Entry> entry = find(key);
    return entry.isPresent() ? new Lookup.Found(entry.get(), latest) : new Lookup.Missing(latest);
  }

  @Override
  public synchronized Page list(Listing listing) {
    requireThere();
    Instant now = clock.instant();
    List<Listed> listed = new ArrayList<>();
    Bytes from = listing.from().compareTo(listing.prefix()) > 0 ? listing.from() : listing.prefix();
    for (Map.Entry<Bytes, Entry> next : entries.tailMap(from, true).entrySet()) {
      if (!next.getKey().startsWith(listing.prefix())) {
        break;
      }
      Entry entry = next.getValue();
      if (!entry.expiry().hasPassed(now)) {
        if (listed.size() == listing.limit()) {
          return new Page(listed, false);
        }
        listed.add(
            new Listed(
                entry.key(),
                entry.metadata(),
                entry.expiry(),
                entry.version(),
                entry.value().length()));
      }
    }
    return new Page(listed, true);
  }

  @Override
  public synchronized long count(Bytes prefix) {
    requireThere();
    Instant now = clock.instant();
    return entries.values().stream()
        .filter(entry -> entry.key().bytes().startsWith(prefix))
        .filter(entry -> !entry.expiry().hasPassed(now))
        .count();
  }

  @Override
  public Outcome put(Key key, InputStream stream, Put how) {
    try {
      long lengthMax = limits.get(Limit.VALUE_BYTES);
      byte[] value = stream.readNBytes(Math.toIntExact(lengthMax + 1));
      return put(key, Bytes.adopt(value), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized Outcome put(Key key, Value value, Put how) {
    requireThere();
    requireFits(key, value, how.metadata());
    Optional<Outcome> conflict = conflict(key, how.condition());
    return conflict.orElseGet(() -> accept(key, value.bytes(), how.metadata(), how.expiry()));
  }

  @Override
  public synchronized Outcome delete(Key key, Condition condition) {
    requireThere();
    Optional<Outcome> conflict = conflict(key, condition);
    return conflict.orElseGet(
        () -> {
          apply(new Mutation.Delete(key));
          return new Outcome.Accepted(latest);
        });
  }

  private Outcome accept(Key key, Value value, Metadata metadata, Expiry expiry) {
    apply(new Mutation.Put(key, value, metadata, expiry));
    return new Outcome.Accepted(latest);
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
    requireThere();
    for (Mutation mutation : mutations) {
      if (mutation instanceof Mutation.Put put) {
        requireFits(put.key(), put.value(), put.metadata());
      }
    }
    mutations.forEach(this::apply);
    return latest;
  }

  private void apply(Mutation mutation) {
    latest = latest.next();
    switch (mutation) {
      case Mutation.Put(Key key, Value value, Metadata metadata, Expiry expiry) ->
          entries.put(key.bytes(), new Entry(key, value.bytes(), metadata, expiry, latest));
      case Mutation.Delete(Key key) -> entries.remove(key.bytes());
      case Mutation.Clear(Bytes prefix) -> entries.keySet().removeIf(key -> key.startsWith(prefix));
    }
  }

  @Override
  public synchronized Counted increment(Key key, long amount, Put how) {
    requireThere();
    Optional<Entry> current = find(key);
    String number = current.map(entry -> entry.value().bytes().utf8()).orElse("0");
    Metadata metadata = current.map(Entry::metadata).orElse(how.metadata());
    Expiry expiry = current.map(Entry::expiry).orElse(how.expiry());
    try {
      long sum = Math.addExact(Long.parseLong(number), amount);
      accept(key, Bytes.utf8(Long.toString(sum)), metadata, expiry);
      return new Counted(sum, latest);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new InvalidRequestException(
          "\"" + key + "\" holds no whole number to which " + amount + " can be added");
    }
  }

  private Optional<Entry> find(Key key) {
    return Optional.ofNullable(entries.get(key.bytes()))
        .filter(entry -> !entry.expiry().hasPassed(clock.instant()));
  }

  synchronized void drop() {
    dropped = true;
    entries.clear();
  }

  private void requireThere() {
    if (dropped) {
      throw new NamespaceNotFoundException("the namespace has been deleted");
    }
  }

  private void requireFits(Key key, Value value, Metadata metadata) {
    requireAtMost(Limit.KEY_BYTES, key.bytes().size(), "a key");
    requireAtMost(Limit.METADATA_BYTES, metadata.json().size(), "metadata");
    requireAtMost(Limit.VALUE_BYTES, value.length(), "a value");
  }

  private void requireAtMost(Limit limit, long bytes, String what) {
    if (bytes > limits.get(limit)) {
      throw new LimitExceededException(
          what + " of " + bytes + " bytes is over " + limits.get(limit));
    }
  }
}
