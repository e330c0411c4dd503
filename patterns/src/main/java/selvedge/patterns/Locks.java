package selvedge.patterns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.ReadOptions;
import selvedge.model.Update;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * Locks that are held for a lease, across all processes that share a namespace. Safe for use by
 * many threads and processes.
 *
 * <p>A lease ends by the clock of the store. A holder that is paused for longer than its lease does
 * not notice that another process holds the lock now. A resource that two holders must not change
 * needs the fencing token of the lease with every write, as {@link Guarded} has it.
 *
 * {@snippet class="selvedge.examples.LocksProgram" region="locks"}
 */
public final class Locks {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");
  private static final Duration WAIT_FIRST = Duration.ofMillis(5);
  private static final Duration WAIT_MOST = Duration.ofMillis(500);

  private final Namespace namespace;
  private final String prefix;
  private final RandomGenerator random;
  private final InstantSource clock;

  /**
   * Creates locks on the clock of the system.
   *
   * @param namespace the namespace of the locks
   * @param prefix the start of their keys
   */
  public Locks(Namespace namespace, String prefix) {
    this(namespace, prefix, new SecureRandom(), InstantSource.system());
  }

  /**
   * Creates locks with another clock and source of randomness.
   *
   * @param namespace the namespace of the locks
   * @param prefix the start of their keys
   * @param random identifies holders and spreads retries; must be safe for use by many threads
   * @param clock the clock by which {@link Lease#until} is given
   */
  public Locks(Namespace namespace, String prefix, RandomGenerator random, InstantSource clock) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Takes a lock if it is free, without waiting.
   *
   * @param name the name of the lock
   * @param lease the time after which the lock is free again, if it is neither renewed nor released
   * @return the lease, or empty if the lock is held
   */
  public Optional<Lease> tryAcquire(String name, Duration lease) {
    Key key = Key.of(prefix + name);
    String owner = Long.toHexString(random.nextLong());
    Instant until = clock.instant().plus(lease);
    return accepted(namespace.put(key, Bytes.utf8(owner), options(lease).ifAbsent()))
        .map(version -> new Lease(key, owner, version, version, until));
  }

  private static WriteOptions options(Duration lease) {
    return WriteOptions.PLAIN.expiresIn(lease).metadata(Form.ALONE);
  }

  /**
   * Takes a lock and waits until it is free.
   *
   * @param name the name of the lock
   * @param lease the time after which the lock is free again, if it is neither renewed nor released
   * @param patience the longest time to wait
   * @return the lease, or empty if the lock was held all the time
   * @throws OverloadedException if the calling thread is interrupted while it waits
   */
  public Optional<Lease> acquire(String name, Duration lease, Duration patience) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    Duration wait = WAIT_FIRST;
    while (true) {
      Optional<Lease> taken = tryAcquire(name, lease);
      if (taken.isPresent()) {
        return taken;
      }
      Duration pause = wait.plusNanos(random.nextLong(wait.toNanos()));
      if (System.nanoTime() + pause.toNanos() - deadline > 0) {
        return Optional.empty();
      }
      pause(pause);
      wait = wait.compareTo(WAIT_MOST) < 0 ? wait.multipliedBy(2) : wait;
    }
  }

  Instant now() {
    return clock.instant();
  }

  private static void pause(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while waiting for a lock");
    }
  }

  /**
   * Renews a lease: it ends the given time from now.
   *
   * @param held the lease as it was acquired or as it was renewed
   * @param lease the time from now after which the lock is free again
   * @return the renewed lease with the same fencing token, or empty if the lock was lost
   */
  public Optional<Lease> renew(Lease held, Duration lease) {
    Instant until = clock.instant().plus(lease);
    Bytes owner = Bytes.utf8(held.owner());
    return whileOwned(
            held,
            condition -> namespace.put(held.key(), owner, options(lease).condition(condition)))
        .map(version -> new Lease(held.key(), held.owner(), held.fence(), version, until));
  }

  /**
   * Releases a lock. A lock that was lost is not an error.
   *
   * @param held the lease as it was acquired or renewed
   * @return whether the lock was still held
   */
  public boolean release(Lease held) {
    return whileOwned(held, condition -> namespace.delete(held.key(), condition)).isPresent();
  }

  /**
   * Checks at the store that a lease is still held.
   *
   * <p>The lock may be lost directly after the check: only a fencing token protects a resource.
   *
   * @param held the lease as it was acquired or renewed
   * @throws LeaseLostException if the lease has ended
   */
  public void requireHeld(Lease held) {
    if (owned(held).isEmpty()) {
      throw new LeaseLostException(held);
    }
  }

  /** Writes while the entry belongs to the holder, who may have an older version of its lease. */
  private Optional<Version> whileOwned(Lease held, Function<Condition, Outcome> write) {
    Optional<Version> written = accepted(write.apply(Condition.version(held.version())));
    return written.isPresent()
        ? written
        : owned(held).flatMap(entry -> accepted(write.apply(Condition.version(entry.version()))));
  }

  private static Optional<Version> accepted(Outcome outcome) {
    return outcome instanceof Outcome.Accepted(Version version)
        ? Optional.of(version)
        : Optional.empty();
  }

  private Optional<Entry> owned(Lease held) {
    return namespace.get(held.key(), ReadOptions.STRONG) instanceof Lookup.Found found
            && found.entry().value().bytes().utf8().equals(held.owner())
        ? Optional.of(found.entry())
        : Optional.empty();
  }

  /**
   * Runs work while the lock is held, and releases the lock.
   *
   * <p>An exception of the work is thrown on. A release that fails is logged and changes neither
   * the result nor the exception: the lock is free again when its lease ends. The work may renew
   * the lease.
   *
   * @param <T> the type of the result
   * @param name the name of the lock
   * @param lease the time after which the lock is free again, if the work does not renew it
   * @param patience the longest time to wait for the lock
   * @param work must not return null; return an {@code Optional} where there may be no result
   * @return the result of the work, or empty if the lock was held by others all the time
   * @throws LeaseLostException if the lease ended before the work did: the work is done, and
   *     another holder may have worked at the same time
   */
  public <T> Optional<T> withLock(
      String name, Duration lease, Duration patience, Function<Lease, T> work) {
    Optional<Lease> acquired = acquire(name, lease, patience);
    if (acquired.isEmpty()) {
      return Optional.empty();
    }
    Lease held = acquired.get();
    T result;
    try {
      result = work.apply(held);
    } catch (RuntimeException | Error e) {
      releaseQuietly(held);
      throw e;
    }
    boolean lost = !releaseQuietly(held);
    if (lost) {
      throw new LeaseLostException(held);
    }
    return Optional.of(
        Objects.requireNonNull(result, "the work under a lock must not return null"));
  }

  /** Returns false if the lease is known to have ended. */
  private boolean releaseQuietly(Lease held) {
    try {
      return release(held);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the lock " + held.key() + " was not released", e);
      return true;
    }
  }

  /** An entry that only the newest holder of a lock writes, by the fencing token of its lease. */
  public static final class Guarded {
    private final Namespace namespace;
    private final Key key;

    /**
     * Creates the guard of an entry.
     *
     * @param namespace the namespace of the entry, which need not be that of the locks
     * @param key the key of the entry
     */
    public Guarded(Namespace namespace, Key key) {
      this.namespace = namespace;
      this.key = key;
    }

    /**
     * Writes the value, unless a newer holder of the lock has written before.
     *
     * @param lease the lease of the writer
     * @param value the value of the entry
     * @return whether the value was written
     * @throws InvalidRequestException if the entry in place was written without a fencing token
     */
    public boolean write(Lease lease, Bytes value) {
      return Update.run(
          namespace,
          key,
          current -> {
            Version seen = current.map(entry -> fence(entry.metadata())).orElse(Version.NONE);
            if (seen.compareTo(lease.fence()) > 0) {
              return Update.Decision.leave(false);
            }
            Metadata metadata = new Form().with("fence", lease.fence().number()).metadata();
            return Update.Decision.put(value, WriteOptions.PLAIN.metadata(metadata), true);
          });
    }

    /** Form 0 of the metadata is the number alone. */
    private static Version fence(Metadata metadata) {
      Optional<Form> form = Form.read(metadata);
      if (form.isPresent()) {
        return new Version(form.get().number("fence"));
      }
      try {
        return new Version(Long.parseLong(metadata.toString()));
      } catch (NumberFormatException e) {
        throw new InvalidRequestException("the entry was written without a fencing token");
      }
    }
  }
}
