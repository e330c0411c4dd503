package selvedge.server.share;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What one request holds of a total. Belongs to one thread at a time.
 *
 * <p>A request changes what it holds as a whole: it gives back what it has before it waits for
 * more, so that requests never wait for each other in a circle.
 */
public final class Lease implements AutoCloseable {
  private final Shares shares;
  private final Supplier<Owner> owner;
  private long held;

  /**
   * @param owner asked only when there is something to take or to give back
   */
  public Lease(Shares shares, Supplier<Owner> owner) {
    this.shares = shares;
    this.owner = owner;
  }

  public long held() {
    return held;
  }

  /** Holds at least the amount from now on, if it is free; returns whether it is. */
  public boolean tryHold(long amount) {
    long more = amount - held;
    if (more > 0 && !shares.tryTake(owner.get(), more)) {
      return false;
    }
    held = Math.max(held, amount);
    return true;
  }

  /**
   * Holds at least the amount from now on, and waits for it if need be. When this returns false the
   * lease holds nothing.
   */
  public boolean hold(long amount, Duration patience) {
    if (tryHold(amount)) {
      return true;
    }
    close();
    if (!shares.take(owner.get(), amount, patience)) {
      return false;
    }
    held = amount;
    return true;
  }

  /** Gives back all but the amount. */
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
