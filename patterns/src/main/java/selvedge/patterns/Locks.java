package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.OverloadedException;
import selvedge.model.Put;
import selvedge.model.Version;

/**
 * Locks with a lease. Safe for use by many threads and processes.
 *
 * <p>A lease says who may begin, not who is still at it: a holder that is paused for longer than
 * its lease goes on without knowing. What must not be touched by two therefore takes the fence with
 * every write, as {@link Guarded} does.
 *
 * {@snippet class="selvedge.examples.Tour" region="locks"}
 */
public record Locks(Namespace namespace, String prefix, RandomGenerator random) {
  private static final Duration WAIT_FIRST = Duration.ofMillis(5);
  private static final Duration WAIT_MOST = Duration.ofMillis(500);

  /** Takes the lock if nobody has it. */
  public Optional<Lease> tryAcquire(String name, Duration lease) {
    Key key = Key.of(prefix + name);
    String owner = Long.toHexString(random.nextLong());
    return Update.accepted(namespace.put(key, Bytes.utf8(owner), Put.expiresIn(lease).ifAbsent()))
        .map(version -> new Lease(key, owner, version, version));
  }

  /** Takes the lock, and waits for it at most so long. */
  public Optional<Lease> acquire(String name, Duration lease, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
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

  private static void pause(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("interrupted while waiting for a lock");
    }
  }

  /** Makes the lease last from now on; empty when somebody else may have the lock already. */
  public Optional<Lease> renew(Lease held, Duration lease) {
    Put how = Put.expiresIn(lease).ifVersion(held.version());
    return Update.accepted(namespace.put(held.key(), Bytes.utf8(held.owner()), how))
        .map(version -> new Lease(held.key(), held.owner(), held.fence(), version));
  }

  /** Gives the lock back, and tells whether it was still held. */
  public boolean release(Lease held) {
    return Update.accepted(namespace.delete(held.key(), Condition.version(held.version())))
        .isPresent();
  }

  /** Does something while the lock is held; empty when it could not be had in time. */
  public <T> Optional<T> withLock(
      String name, Duration lease, Duration patience, Function<Lease, T> work) {
    Optional<Lease> held = acquire(name, lease, patience);
    if (held.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.apply(held.get()));
    } finally {
      release(held.get());
    }
  }

  /** An entry that only the newest holder of a lock may write. */
  public record Guarded(Namespace namespace, Key key) {

    /** Writes, unless a newer holder has written before. */
    public boolean write(Lease lease, Bytes value) {
      return Update.run(
          namespace,
          key,
          current -> {
            Version seen =
                current.map(entry -> fence(entry.metadata().json())).orElse(Version.NONE);
            if (seen.compareTo(lease.fence()) > 0) {
              return Update.Decision.leave(false);
            }
            var metadata = Metadata.json(lease.fence().toString());
            return Update.Decision.put(value, Put.PLAIN.metadata(metadata), true);
          });
    }

    private static Version fence(Bytes metadata) {
      try {
        return new Version(Long.parseLong(metadata.utf8()));
      } catch (NumberFormatException e) {
        throw new InvalidRequestException("the entry was written without a fence");
      }
    }
  }
}
