package selvedge.engine.edge;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Says when a replica frees what it need not keep: at an interval, and on as long as there is more.
 *
 * <p>Belongs to the follower's thread, which is the store's only writer there.
 */
final class ReplicaUpkeep {
  private final BooleanSupplier piece;
  private final LongSupplier ticks;
  private final long intervalNanos;
  private long due;
  private boolean more;

  /**
   * @param piece does a bounded piece and returns whether more is waiting
   * @param ticks a clock in nanoseconds that only measures spans
   */
  ReplicaUpkeep(BooleanSupplier piece, LongSupplier ticks, Duration interval) {
    this.piece = piece;
    this.ticks = ticks;
    this.intervalNanos = interval.toNanos();
    this.due = ticks.getAsLong();
  }

  /** Does a piece of the work that is due, and returns whether more of it is waiting. */
  boolean step() {
    long now = ticks.getAsLong();
    if (!more && now - due < 0) {
      return false;
    }
    if (!more) {
      due = now + intervalNanos;
    }
    more = piece.getAsBoolean();
    return more;
  }
}
