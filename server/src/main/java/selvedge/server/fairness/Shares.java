package selvedge.server.fairness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * Divides a total amount (requests, feeds or bytes) between owners. Safe for use by many threads.
 *
 * <p>One owner alone may take all but a reserve of an eighth. A request from the reserve succeeds
 * only if the owner then holds at most seven times the amount that stays free. So each new owner
 * gets an amount, independent of the amounts of the others. Released amounts go to the waiting
 * owner that holds least.
 */
public final class Shares {
  private static final long RESERVE_FRACTION = 8;
  private static final long MEMORY_UNIT_BYTES = 64 * 1024;
  private static final long RESERVE_HELD_MAX = RESERVE_FRACTION - 1;

  private final long total;
  private final long unit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Owner, Long> held = new HashMap<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private long used;

  /** A thread that waits for an amount. The lock guards its state. */
  private static final class Waiter {
    private final Owner owner;
    private final long amount;
    private final Condition granted;
    private boolean isGranted;

    Waiter(Owner owner, long amount, Condition granted) {
      this.owner = owner;
      this.amount = amount;
      this.granted = granted;
    }
  }

  /**
   * @param unit the amount that an owner may always take from the reserve if it is free
   */
  public Shares(long total, long unit) {
    this.total = total;
    this.unit = unit;
  }

  /** Returns shares of places that are taken one by one. */
  public static Shares ofPlaces(long total) {
    return new Shares(total, 1);
  }

  /**
   * Returns shares of the memory that the bodies and values of all requests may use.
   *
   * @param heapBytes the maximum heap size of this process
   */
  public static Shares ofMemory(Limits limits, long heapBytes) {
    return new Shares(heapBytes / 100 * limits.get(Limit.BODY_HEAP_PERCENT), MEMORY_UNIT_BYTES);
  }

  /** Returns the most that one owner can hold. */
  public long ownerMax() {
    return total - total / RESERVE_FRACTION;
  }

  /** Returns the amount that all owners hold together. */
  public long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the amount if it is free, without waiting; returns whether it did. */
  public boolean tryTake(Owner owner, long amount) {
    lock.lock();
    try {
      return grant(owner, amount);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the amount and waits until it is free. Returns false after the timeout, or immediately if
   * the amount is more than {@link #ownerMax}.
   */
  public boolean take(Owner owner, long amount, Duration timeout) {
    if (amount > ownerMax()) {
      return false;
    }
    lock.lock();
    try {
      return (waiters.isEmpty() && grant(owner, amount))
          || await(new Waiter(owner, amount, lock.newCondition()), timeout);
    } finally {
      lock.unlock();
    }
  }

  private boolean await(Waiter waiter, Duration timeout) {
    waiters.add(waiter);
    grantWaiters();
    long left = timeout.toNanos();
    try {
      while (!waiter.isGranted && left > 0) {
        left = waiter.granted.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waiters.remove(waiter);
    return waiter.isGranted;
  }

  /** Returns an amount that the owner took. */
  public void give(Owner owner, long amount) {
    lock.lock();
    try {
      used -= amount;
      held.computeIfPresent(owner, (_, before) -> before == amount ? null : before - amount);
      grantWaiters();
    } finally {
      lock.unlock();
    }
  }

  private boolean grant(Owner owner, long amount) {
    if (!mayTake(owner, amount)) {
      return false;
    }
    used += amount;
    held.merge(owner, amount, Long::sum);
    return true;
  }

  private boolean mayTake(Owner owner, long amount) {
    long free = total - used - amount;
    return free >= 0
        && (free >= total / RESERVE_FRACTION
            || held.getOrDefault(owner, 0L) + amount <= Math.max(unit, RESERVE_HELD_MAX * free));
  }

  private void grantWaiters() {
    Waiter next = nextWaiter();
    while (next != null) {
      grant(next.owner, next.amount);
      next.isGranted = true;
      next.granted.signal();
      waiters.remove(next);
      next = nextWaiter();
    }
  }

  /** Returns the first waiter of the owner that holds least, among those whose amount is free. */
  private @Nullable Waiter nextWaiter() {
    Waiter next = null;
    long least = Long.MAX_VALUE;
    for (Waiter waiter : waiters) {
      long holds = held.getOrDefault(waiter.owner, 0L);
      if (holds < least && mayTake(waiter.owner, waiter.amount)) {
        next = waiter;
        least = holds;
      }
    }
    return next;
  }
}
