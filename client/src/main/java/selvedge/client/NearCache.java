package selvedge.client;

import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.ForwardingNamespace;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WatchLostException;
import selvedge.model.WriteOptions;

/**
 * A namespace that keeps the entries that were read last in this process, and follows their
 * changes.
 *
 * <p>Safe for use by many threads. A read that the cache can answer does not block. It answers a
 * copy for {@link ReadOptions#cacheTtl} at most, and only while changes arrive: when the connection
 * breaks, is silent for three heartbeats, or is refused, reads go to the namespace. An entry with
 * an expiry is answered until then, by the clock of this process or that of the origin, whichever
 * is later. Reads that require an age or a version always go to the namespace.
 *
 * <p>Each change leaves its version in the stripe of its key. A read that is older than the stripe
 * is not cached, so a slow answer cannot replace a newer copy.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="near"}
 */
public final class NearCache implements ForwardingNamespace, AutoCloseable {
  private static final int STRIPES = 1024;
  private static final int OVERHEAD_BYTES = 200;
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);

  private final Namespace namespace;
  private final long bytesMost;
  private final LongSupplier ticks;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Key, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
  private final long[] newest = new long[STRIPES];
  private final Thread follower;
  private final InstantSource clock;
  private long bytes;

  /** The least measured lead of the clock of the origin over the local clock. */
  private Duration ahead = Duration.ZERO;

  private volatile @Nullable Watch watching;
  private volatile boolean refused;
  private volatile boolean closed;

  /** Used by the following thread only. */
  private int failures;

  /**
   * A cached result.
   *
   * @param arrived when it arrived
   * @param current when it was certainly current; empty if that is not known
   */
  private record Copy(Lookup lookup, long arrived, Optional<Long> current, int bytes) {}

  NearCache(Namespace namespace, long bytesMost, LongSupplier ticks, InstantSource clock) {
    this.namespace = namespace;
    this.bytesMost = bytesMost;
    this.ticks = ticks;
    this.clock = clock;
    Version start = namespace.latest();
    changed(start);
    this.follower = Thread.ofVirtual().name("selvedge-near-cache").start(() -> run(start));
  }

  /**
   * Returns a cache of a namespace. It reads the newest version, which blocks.
   *
   * @param namespace the namespace, which {@link #close} leaves open
   * @param bytesMost the greatest size of all copies in bytes
   * @return the cache, which the caller must close
   */
  public static NearCache of(Namespace namespace, long bytesMost) {
    return new NearCache(namespace, bytesMost, System::nanoTime, InstantSource.system());
  }

  /** Returns the namespace whose entries are cached. */
  @Override
  public Namespace delegate() {
    return namespace;
  }

  private void run(Version start) {
    Version after = start;
    while (!closed) {
      try {
        after = follow(after);
      } catch (WatchLostException e) {
        refused = true;
        if (failures++ > 0) {
          pause();
        }
        after = restart(after);
      } catch (SelvedgeException e) {
        refused = true;
        failures++;
        pause();
      }
    }
  }

  private Version follow(Version after) {
    try (Watch watch = namespace.watch(Bytes.EMPTY, after)) {
      watching = watch;
      while (!closed) {
        watch.next(POLL_INTERVAL).ifPresent(this::apply);
        failures = 0;
        refused = false;
      }
      return watch.version();
    } finally {
      watching = null;
    }
  }

  /** Drops all copies, because the changes since then are lost. */
  private Version restart(Version before) {
    try {
      Version now = namespace.latest();
      lock.lock();
      try {
        copies.clear();
        bytes = 0;
        changed(now);
      } finally {
        lock.unlock();
      }
      return now;
    } catch (SelvedgeException e) {
      failures++;
      pause();
      return before;
    }
  }

  private void pause() {
    long wait = POLL_INTERVAL.toMillis() << Math.min(failures, 10);
    try {
      Thread.sleep(Math.min(wait, RETRY_MAX.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void changed(Version version) {
    for (int i = 0; i < STRIPES; i++) {
      newest[i] = Math.max(newest[i], version.number());
    }
  }

  private void changed(Key key, Version version) {
    int stripe = stripe(key);
    newest[stripe] = Math.max(newest[stripe], version.number());
  }

  private static int stripe(Key key) {
    return (key.hashCode() & 0x7fff_ffff) % STRIPES;
  }

  private @Nullable Copy drop(Key key) {
    Copy old = copies.remove(key);
    bytes -= old == null ? 0 : old.bytes();
    return old;
  }

  private void apply(Change change) {
    lock.lock();
    try {
      Version version = change.version();
      Duration difference = Duration.between(clock.instant(), change.at());
      ahead = ahead.compareTo(difference) < 0 ? difference : ahead;
      if (change.mutation() instanceof Mutation.Put put) {
        var entry = new Entry(put.key(), put.value(), put.metadata(), put.expiry(), version);
        replace(put.key(), new Lookup.Found(entry, version));
      } else if (change.mutation() instanceof Mutation.Delete delete) {
        replace(delete.key(), new Lookup.Missing(version));
      } else {
        changed(version);
        forget(change.mutation());
      }
    } finally {
      lock.unlock();
    }
  }

  private void forget(Mutation clear) {
    Iterator<Map.Entry<Key, Copy>> entries = copies.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Key, Copy> next = entries.next();
      if (clear.touches(next.getKey().bytes())) {
        bytes -= next.getValue().bytes();
        entries.remove();
      }
    }
  }

  private void replace(Key key, Lookup lookup) {
    changed(key, lookup.asOf());
    Copy old = drop(key);
    if (old != null) {
      // The time of the change is not known here, but it was after that of the old copy.
      Lookup newer = old.lookup().asOf().compareTo(lookup.asOf()) < 0 ? lookup : old.lookup();
      keep(key, newer, old.current());
    }
  }

  private void fill(Key key, Lookup lookup, Optional<Long> current) {
    lock.lock();
    try {
      if (lookup.asOf().number() >= newest[stripe(key)]) {
        drop(key);
        keep(key, lookup, current);
      }
    } finally {
      lock.unlock();
    }
  }

  private void keep(Key key, Lookup lookup, Optional<Long> current) {
    int weight = OVERHEAD_BYTES + key.bytes().size();
    if (lookup instanceof Lookup.Found found) {
      if (!(found.entry().value() instanceof Bytes value)) {
        return;
      }
      weight += value.size() + found.entry().metadata().stored().size();
    }
    copies.put(key, new Copy(lookup, ticks.getAsLong(), current, weight));
    bytes += weight;
    Iterator<Copy> oldest = copies.values().iterator();
    while (bytes > bytesMost && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  private Optional<Copy> find(Key key, ReadOptions options) {
    if (!options.takesAnyAge() || !options.atLeast().equals(Version.NONE) || !isCurrent()) {
      return Optional.empty();
    }
    lock.lock();
    try {
      Copy copy = copies.get(key);
      return copy != null
              && ticks.getAsLong() - copy.arrived() <= options.cacheTtl().toNanos()
              && isReadable(copy)
          ? Optional.of(copy)
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Duration since(long tick) {
    return Duration.ofNanos(ticks.getAsLong() - tick);
  }

  /** Adds the lead of the origin: a slow local clock must not keep an expired entry readable. */
  private boolean isReadable(Copy copy) {
    return !(copy.lookup() instanceof Lookup.Found found)
        || found.entry().expiry() instanceof Expiry.Never
        || !found.entry().expiry().hasPassed(clock.instant().plus(ahead));
  }

  @Override
  public Lookup get(Key key, ReadOptions options) {
    Optional<Copy> copy = find(key, options);
    return copy.isPresent() ? copy.get().lookup() : read(key, options).lookup();
  }

  @Override
  public Aged getAged(Key key, ReadOptions options) {
    return find(key, options)
        .map(copy -> new Aged(copy.lookup(), copy.current().map(this::since)))
        .orElseGet(() -> read(key, options));
  }

  private Aged read(Key key, ReadOptions options) {
    long asked = ticks.getAsLong();
    Aged found = namespace.getAged(key, options);
    fill(key, found.lookup(), found.age().map(age -> asked - TimeUnit.NANOSECONDS.convert(age)));
    return found;
  }

  /** Drops the copy of a key that was changed here, so that the next read sees the change. */
  private Outcome dropChanged(Key key, Outcome outcome) {
    if (outcome instanceof Outcome.Accepted accepted) {
      dropChanged(key, accepted.version());
    }
    return outcome;
  }

  private void dropChanged(Key key, Version version) {
    lock.lock();
    try {
      changed(key, version);
      drop(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Outcome put(Key key, Value value, WriteOptions options) {
    return dropChanged(key, namespace.put(key, value, options));
  }

  @Override
  public Outcome put(Key key, InputStream value, WriteOptions options) {
    return dropChanged(key, namespace.put(key, value, options));
  }

  @Override
  public Outcome delete(Key key, Condition condition) {
    return dropChanged(key, namespace.delete(key, condition));
  }

  @Override
  public Version write(List<Mutation> mutations) {
    Version version = namespace.write(mutations);
    lock.lock();
    try {
      changed(version);
      mutations.forEach(this::forget);
    } finally {
      lock.unlock();
    }
    return version;
  }

  @Override
  public Counted increment(Key key, long amount, WriteOptions options) {
    Counted counted = namespace.increment(key, amount, options);
    dropChanged(key, counted.version());
    return counted;
  }

  /**
   * Returns whether changes of the namespace arrive. While they do not, reads go to the namespace.
   * Does not block.
   *
   * @return whether the cache answers
   */
  public boolean isCurrent() {
    Watch watch = watching;
    return !closed && !refused && (watch == null || watch.isCurrent());
  }

  /** Ends the watch. The namespace stays open, and reads go to it from then on. */
  @Override
  public void close() {
    closed = true;
    follower.interrupt();
  }
}
