package selvedge.engine.namespace;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.engine.feed.FeedWatch;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * A namespace of a store. It reads from the store and sends writes to a {@link Writes}. Safe for
 * use by many threads.
 */
public final class StoredNamespace implements Namespace {
  private static final int COUNT_PAGE_KEYS = 1000;
  private static final int NUMBER_CHARACTERS_MAX = 20;

  private final NamespaceId id;
  private final Store store;
  private final Writes writes;
  private final Catalog catalog;
  private final StoredNamespaces namespaces;
  private final Limits limits;
  private final InstantSource clock;

  StoredNamespace(NamespaceId id, StoredNamespaces namespaces) {
    this.id = id;
    this.namespaces = namespaces;
    this.store = namespaces.served().store();
    this.writes = namespaces.writes();
    this.catalog = namespaces.catalog();
    this.limits = namespaces.served().limits();
    this.clock = namespaces.served().clock();
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    Optional<Lookup> inMemory = store.peek(id, key);
    if (inMemory.isEmpty()) {
      requireExists();
      limits.requireKey(key);
    }
    namespaces.reads().requireFresh(options);
    return unexpired(inMemory.isPresent() ? inMemory.get() : store.get(id, key), clock);
  }

  /**
   * Returns the lookup, or {@link Lookup.Missing} if its entry has expired. Reads the clock only
   * for an entry that has an expiry.
   */
  public static Lookup unexpired(Lookup lookup, InstantSource clock) {
    return lookup instanceof Lookup.Found(Entry entry, Version asOf)
            && entry.expiry() instanceof Expiry.At at
            && at.hasPassed(clock.instant())
        ? new Lookup.Missing(asOf)
        : lookup;
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    Optional<Duration> age = namespaces.reads().age();
    return new Aged(get(key, options), age);
  }

  @Override
  public Version latest() {
    requireExists();
    return store.latest();
  }

  @Override
  public Watch watch(Bytes prefix, Version after) {
    requireExists();
    limits.requirePrefix(prefix);
    return new FeedWatch(namespaces.served().feed(), namespaces.signal(), id, prefix, after);
  }

  @Override
  public Page list(Listing listing) {
    requireExists();
    limits.requirePrefix(listing.prefix());
    Instant now = clock.instant();
    Listing next = withOneMore(listing);
    Page page = store.list(id, next);
    List<Listed> readable = new ArrayList<>(page.entries().size());
    addReadable(page, now, readable);
    while (!page.complete() && readable.size() <= listing.limit()) {
      next = next.after(page.lastKey());
      page = store.list(id, next);
      addReadable(page, now, readable);
    }
    return new Page(readable, page.complete()).first(listing.limit());
  }

  private void addReadable(Page page, Instant now, List<Listed> readable) {
    boolean checked = namespaces.metadata().isClean();
    for (Listed listed : page.entries()) {
      if (checked) {
        listed.metadata().trust();
      }
      if (!listed.expiry().hasPassed(now)) {
        readable.add(listed);
      }
    }
  }

  /** Reads a row after the page, which shows whether another page follows. */
  private static Listing withOneMore(Listing listing) {
    int rows = listing.limit() == Integer.MAX_VALUE ? listing.limit() : listing.limit() + 1;
    return new Listing(listing.prefix(), listing.from(), rows);
  }

  @Override
  public long count(Bytes prefix) {
    requireExists();
    limits.requirePrefix(prefix);
    Instant now = clock.instant();
    Listing next = new Listing(prefix, Bytes.EMPTY, COUNT_PAGE_KEYS);
    long count = 0;
    long seen = 0;
    while (true) {
      Page page = store.list(id, next);
      seen += page.entries().size();
      requireCountable(seen);
      for (Listed listed : page.entries()) {
        count += listed.expiry().hasPassed(now) ? 0 : 1;
      }
      if (page.complete()) {
        return count;
      }
      next = next.after(page.lastKey());
    }
  }

  private void requireCountable(long keys) {
    long most = limits.get(Limit.COUNT_KEYS);
    if (keys > most) {
      throw new LimitExceededException(
          "there are more than " + most + " keys with this prefix: count longer prefixes");
    }
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    if (value instanceof Bytes bytes && bytes.size() <= limits.size(Limit.INLINE_BYTES)) {
      return commitPut(key, bytes, options);
    }
    try (InputStream stream = value.open()) {
      return put(key, stream, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Outcome put(Key key, InputStream stream, WriteOptions options) {
    requireExists();
    limits.requirePut(key, options.metadata());
    try {
      byte[] start = stream.readNBytes(limits.size(Limit.INLINE_BYTES) + 1);
      if (start.length <= limits.size(Limit.INLINE_BYTES)) {
        return commitPut(key, Bytes.adopt(start), options);
      }
      try (Upload upload = store.upload()) {
        return commitPut(key, receive(start, stream, upload), options);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the value to disk chunk by chunk while it arrives. */
  private Value receive(byte[] start, InputStream stream, Upload upload) throws IOException {
    int chunkBytes = limits.size(Limit.CHUNK_BYTES);
    long lengthMax = limits.get(Limit.VALUE_BYTES);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), stream);
    long length = 0;
    for (byte[] chunk = whole.readNBytes(chunkBytes);
        chunk.length > 0;
        chunk = whole.readNBytes(chunkBytes)) {
      length += chunk.length;
      if (length > lengthMax) {
        throw new LimitExceededException("a value must have at most " + lengthMax + " bytes");
      }
      writes.requireRoom();
      upload.write(Bytes.adopt(chunk));
    }
    return upload.finish();
  }

  private Outcome commitPut(Key key, Value value, WriteOptions options) {
    limits.requirePut(key, options.metadata());
    limits.requireValue(value);
    return writes.call(
        conditionally(
            options.condition(),
            new Mutation.Put(key, value, options.metadata(), options.expiryFrom(clock.instant()))));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return writes.call(conditionally(condition, new Mutation.Delete(limits.requireKey(key))));
  }

  /** Submits the put of a small value or a delete. Waits only if the completion allows it. */
  void submit(Mutation mutation, Condition condition, Completion<Outcome> completion) {
    try {
      limits.requireInline(mutation);
      writes.submit(conditionally(condition, mutation), completion);
    } catch (SelvedgeException e) {
      completion.failed(e);
    }
  }

  private Job<Outcome> conditionally(Condition condition, Mutation mutation) {
    return batch -> {
      requireExists();
      if (!(condition instanceof Condition.Always)) {
        Version current = batch.find(id, key(mutation)).map(Entry::version).orElse(Version.NONE);
        if (!holds(condition, current)) {
          return new Outcome.Conflict(current);
        }
      }
      return new Outcome.Accepted(batch.add(id, mutation));
    };
  }

  private static Key key(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Put put -> put.key();
      case Mutation.Delete delete -> delete.key();
      case Mutation.Clear _ -> throw new IllegalArgumentException("a clear has no single key");
    };
  }

  private static boolean holds(Condition condition, Version current) {
    return switch (condition) {
      case Condition.Always() -> true;
      case Condition.Absent() -> current.equals(Version.NONE);
      case Condition.Is(Version version) -> current.equals(version);
    };
  }

  @Override
  public Version write(List<Mutation> mutations) {
    mutations.forEach(limits::requireInline);
    return writes.call(
        batch -> {
          requireExists();
          Version last = store.latest();
          for (Mutation mutation : mutations) {
            last = batch.add(id, mutation);
          }
          return last;
        });
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    limits.requirePut(key, options.requireUnconditional().metadata());
    return writes.call(
        batch -> {
          requireExists();
          Optional<Entry> current = batch.find(id, key);
          long sum = add(key, current.map(StoredNamespace::number).orElse(0L), amount);
          Expiry expiry = current.map(Entry::expiry).orElse(options.expiryFrom(clock.instant()));
          var metadata = current.map(Entry::metadata).orElse(options.metadata());
          Value value = Bytes.utf8(Long.toString(sum));
          Version version = batch.add(id, new Mutation.Put(key, value, metadata, expiry));
          return new Counted(sum, version);
        });
  }

  private static long number(Entry entry) {
    if (entry.value().length() <= NUMBER_CHARACTERS_MAX) {
      try {
        return Long.parseLong(entry.value().bytes().utf8());
      } catch (NumberFormatException e) {
        throw notANumber(entry.key());
      }
    }
    throw notANumber(entry.key());
  }

  private static InvalidRequestException notANumber(Key key) {
    return new InvalidRequestException(
        "the value of \"" + key + "\" must be a whole number to be incremented");
  }

  private static long add(Key key, long number, long amount) {
    try {
      return Math.addExact(number, amount);
    } catch (ArithmeticException e) {
      throw new InvalidRequestException(
          "\"" + key + "\" is " + number + ": adding " + amount + " exceeds 64 bits");
    }
  }

  private void requireExists() {
    if (!catalog.has(id)) {
      throw new NamespaceNotFoundException("there is no namespace " + id);
    }
  }
}
