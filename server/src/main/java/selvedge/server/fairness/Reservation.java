package selvedge.server.fairness;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The amount that one request holds of a shared total. Belongs to one thread at a time.
 *
 * <p>A request gives back the whole amount before it waits for a larger one, so that requests
 * cannot deadlock.
 */
public final class Reservation implements AutoCloseable {
  private final Shares shares;
  private final Supplier<Owner> owner;
  private long held;

  /**
   * @param owner called only when the amount changes
   */
  public Reservation(Shares shares, Supplier<Owner> owner) {
    this.shares = shares;
    this.owner = owner;
  }

  public long held() {
    return held;
  }

  /**
   * Increases the held amount to at least the given one without waiting; returns false if it is not
   * free.
   */
  public boolean tryHold(long amount) {
    long more = amount - held;
    if (more > 0 && !shares.tryTake(owner.get(), more)) {
      return false;
    }
    held = Math.max(held, amount);
    return true;
  }

  /**
   * Increases the held amount to at least the given one and waits until it is free. Returns false
   * after the timeout; then the reservation holds nothing.
   */
  public boolean hold(long amount, Duration timeout) {
    if (tryHold(amount)) {
      return true;
    }
    close();
    if (!shares.take(owner.get(), amount, timeout)) {
      return false;
    }
    held = amount;
    return true;
  }

  /** Reduces the held amount to at most the given one. */
  public void shrink(long amount) {
    if (held > amount) {
      shares.give(owner.get(), held - amount);
      held = amount;
    }
  }

  @Override
  public void close() {
    shrink(0);
  }
}
