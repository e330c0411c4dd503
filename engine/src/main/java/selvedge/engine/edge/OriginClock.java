package selvedge.engine.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The best known time at an edge: the origin's, which answers carry, and the monotonic clock here
 * in between. Safe for many threads to read; one thread brings the answers.
 *
 * <p>While the origin has not answered for a minute, the later of that time and the clock here
 * counts, because a machine that was suspended has a monotonic clock that is behind.
 */
final class OriginClock implements InstantSource {
  private static final Duration REACH = Duration.ofMinutes(1);

  /** A clock may drift, so an old measurement gives way to a worse one in the end. */
  private static final int MEASUREMENTS = 32;

  private static final Duration STEP = Duration.ofSeconds(1);

  private final InstantSource own;
  private final LongSupplier ticks;
  private volatile @Nullable Reading reading;

  /**
   * What the origin's clock showed.
   *
   * @param at by the measurement with the shortest way, at the tick
   * @param answered the tick of the last answer
   * @param last what the last answer said
   */
  private record Reading(Instant at, long tick, long answered, Instant last) {
    Instant instant(long now) {
      return at.plusNanos(now - tick);
    }
  }

  private long best = Long.MAX_VALUE;
  private int measured;

  OriginClock(InstantSource own, LongSupplier ticks) {
    this.own = own;
    this.ticks = ticks;
  }

  /** The origin's clock showed this time between the question and its answer. */
  void told(Instant at, long asked, long answered) {
    long roundTrip = answered - asked;
    long middle = asked + roundTrip / 2;
    Reading before = reading;
    if (before == null
        || roundTrip <= best
        || ++measured >= MEASUREMENTS
        || isStep(Duration.between(before.instant(middle), at), roundTrip)) {
      best = roundTrip;
      measured = 0;
      reading = new Reading(at, middle, answered, at);
    } else {
      reading = new Reading(before.at(), before.tick(), answered, at);
    }
  }

  /** Whether the origin's clock was set since the best measurement. */
  private boolean isStep(Duration difference, long roundTrip) {
    return difference.abs().minus(STEP).toNanos() > roundTrip + best;
  }

  /** What the origin's clock showed when it last answered; empty if it never has. */
  Optional<Instant> last() {
    Reading known = reading;
    return known == null ? Optional.empty() : Optional.of(known.last());
  }

  @Override
  public Instant instant() {
    Reading known = reading;
    if (known == null) {
      return own.instant();
    }
    long now = ticks.getAsLong();
    Instant origin = known.instant(now);
    if (now - known.answered() <= REACH.toNanos()) {
      return origin;
    }
    Instant here = own.instant();
    return here.isAfter(origin) ? here : origin;
  }
}
