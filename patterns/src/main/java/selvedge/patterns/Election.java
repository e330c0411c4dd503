package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Elects one leader among the processes that join an election, by a lock that the leader renews.
 * Safe for use by many threads.
 *
 * <p>A process that does not renew its lease in time stops being the leader before another one
 * becomes it, while both clocks run equally fast. A leader that is paused within a piece of work
 * does not notice the end of its lease: a resource that two leaders must not change needs the
 * fencing token of {@link #lease}, as {@link Locks.Guarded} has it.
 *
 * {@snippet class="selvedge.examples.ElectionProgram" region="election"}
 */
public final class Election implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");
  private static final int RENEWALS = 3;

  private final Locks locks;
  private final String name;
  private final Duration lease;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Optional<Lease> held = Optional.empty();

  /** Creates a candidate that does nothing by itself. */
  Election(Locks locks, String name, Duration lease) {
    this.locks = locks;
    this.name = name;
    this.lease = lease;
  }

  /**
   * Joins an election until {@link #close}. The first attempt to become the leader is made in the
   * background.
   *
   * @param locks locks in a namespace that all candidates share
   * @param name the name of the office
   * @param lease the time after which another process becomes the leader if this one does not
   *     renew; it is renewed after a third of it
   * @return the candidate, which the caller must close
   */
  public static Election join(Locks locks, String name, Duration lease) {
    var election = new Election(locks, name, lease);
    Thread.ofVirtual().name("selvedge-election").start(election::run);
    return election;
  }

  private void run() {
    try {
      do {
        step();
      } while (!isClosing());
      resign();
    } finally {
      ended.countDown();
    }
  }

  /** Catches every exception: the process would never lead again if its thread ended. */
  void step() {
    try {
      held = held.flatMap(current -> locks.renew(current, lease));
      if (held.isEmpty()) {
        held = locks.tryAcquire(name, lease);
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the election \"" + name + "\" is tried again", e);
    }
  }

  private boolean isClosing() {
    try {
      return closing.await(lease.dividedBy(RENEWALS).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing interrupts this thread", e);
    }
  }

  /** The lease ends by itself, so a release that fails is not an error. */
  private void resign() {
    Optional<Lease> last = held;
    held = Optional.empty();
    try {
      last.ifPresent(locks::release);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the leader \"" + name + "\" did not resign", e);
    }
  }

  /**
   * Returns whether this process is the leader: it holds a lease that has not ended by its clock.
   * Does not block.
   *
   * @return whether it is the leader
   */
  public boolean isLeader() {
    return lease().isPresent();
  }

  /**
   * Returns the lease of the leader, with its fencing token. Does not block.
   *
   * @return empty if this process is not the leader
   */
  public Optional<Lease> lease() {
    return held.filter(current -> locks.now().isBefore(current.until()));
  }

  /**
   * Leaves the election, and waits until it is left. A leader resigns, so that another process can
   * follow at its next attempt. Closing again is not an error.
   */
  @Override
  public void close() {
    closing.countDown();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
