package selvedge.engine.edge;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs the upkeep of a replica at an interval, piece by piece until no more is waiting.
 *
 * <p>Belongs to the thread of the follower, which is the only writer of the store.
 */
final class ReplicaUpkeep {
  private final BooleanSupplier piece;
  private final LongSupplier ticks;
  private final Supplier<Duration> interval;
  private long due;
  private boolean more;

  /**
   * @param piece does a bounded piece and returns whether more is waiting
   * @param ticks a clock in nanoseconds that only measures spans
   */
  ReplicaUpkeep(BooleanSupplier piece, LongSupplier ticks, Supplier<Duration> interval) {
    this.piece = piece;
    this.ticks = ticks;
    this.interval = interval;
    this.due = ticks.getAsLong();
  }

  /** Does a piece of upkeep if it is due, and returns whether more of it is waiting. */
  boolean step() {
    long now = ticks.getAsLong();
    if (!more && now - due < 0) {
      return false;
    }
    if (!more) {
      due = now + interval.get().toNanos();
    }
    more = piece.getAsBoolean();
    return more;
  }
}
