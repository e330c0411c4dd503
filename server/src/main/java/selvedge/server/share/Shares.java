package selvedge.server.share;

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
 * A total that many owners take from: requests, feeds, bytes. Safe for use by many threads.
 *
 * <p>An owner that is alone may take all but a reserve of an eighth. In the reserve an owner may
 * hold at most seven times what is still free, so each newcomer finds room, however much the owners
 * before it hold. What becomes free goes to the waiting owner that holds least.
 */
public final class Shares {
  private static final long RESERVE_FRACTION = 8;
  private static final long MEMORY_UNIT_BYTES = 64 * 1024;
  private static final long GREED = RESERVE_FRACTION - 1;

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
   * @param unit the amount that an owner may take even when its share of the reserve is less
   */
  public Shares(long total, long unit) {
    this.total = total;
    this.unit = unit;
  }

  /** Places that are taken one by one. */
  public static Shares ofPlaces(long total) {
    return new Shares(total, 1);
  }

  /**
   * The memory that bodies and values of requests may take together.
   *
   * @param heapBytes the most that the heap of this process can have
   */
  public static Shares ofMemory(Limits limits, long heapBytes) {
    return new Shares(heapBytes / 100 * limits.get(Limit.BODY_HEAP_PERCENT), MEMORY_UNIT_BYTES);
  }

  /** Returns the most that one owner can hold. */
  public long most() {
    return total - total / RESERVE_FRACTION;
  }

  /** Returns how much all owners hold together. */
  public long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the amount and returns true, or returns false at once and takes nothing. */
  public boolean tryTake(Owner owner, long amount) {
    lock.lock();
    try {
      return grant(owner, amount);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the amount, and waits for it if need be. Returns false when it did not become free within
   * the patience, or when it is more than one owner can hold.
   */
  public boolean take(Owner owner, long amount, Duration patience) {
    if (amount > most()) {
      return false;
    }
    lock.lock();
    try {
      return (waiters.isEmpty() && grant(owner, amount))
          || await(new Waiter(owner, amount, lock.newCondition()), patience);
    } finally {
      lock.unlock();
    }
  }

  private boolean await(Waiter waiter, Duration patience) {
    waiters.add(waiter);
    grantWaiters();
    long left = patience.toNanos();
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

  /** Gives back what was taken. */
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
            || held.getOrDefault(owner, 0L) + amount <= Math.max(unit, GREED * free));
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

  /** The first waiter of the owner that holds least, among those whose amount is free. */
  private @Nullable Waiter nextWaiter() {
    Waiter next = null;
    long least = Long.MAX_VALUE;
    for (Waiter each : waiters) {
      long holds = held.getOrDefault(each.owner, 0L);
      if (holds < least && mayTake(each.owner, each.amount)) {
        next = each;
        least = holds;
      }
    }
    return next;
  }
}
