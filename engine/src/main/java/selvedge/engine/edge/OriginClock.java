package selvedge.engine.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time by which an edge judges expiry: the origin's clock as last measured, continued by the
 * monotonic clock of this machine. Any thread may read it; one thread measures.
 *
 * <p>When the origin has not answered for a minute, the later of that time and the wall clock of
 * this machine is used, because the monotonic clock of a suspended machine falls behind.
 */
final class OriginClock implements InstantSource {
  private static final Duration ORIGIN_SILENCE_MAX = Duration.ofMinutes(1);

  /** How many worse measurements may be ignored, because a clock drifts after the best one. */
  private static final int MEASUREMENTS = 32;

  private static final Duration STEP = Duration.ofSeconds(1);

  private final InstantSource own;
  private final LongSupplier ticks;
  private volatile @Nullable Reading reading;

  /**
   * The origin's clock as measured.
   *
   * @param at the origin's time at the tick, by the measurement with the shortest round trip
   * @param answered the tick of the last answer
   * @param last the origin's time in the last answer
   */
  private record Reading(Instant at, long tick, long answered, Instant last) {
    Instant instant(long now) {
      return at.plusNanos(now - tick);
    }
  }

  private long best = Long.MAX_VALUE;
  private int ignored;

  OriginClock(InstantSource own, LongSupplier ticks) {
    this.own = own;
    this.ticks = ticks;
  }

  /** Returns the time of the monotonic clock, in nanoseconds. */
  long tick() {
    return ticks.getAsLong();
  }

  /** Records that the origin's clock showed the time between a request and its answer. */
  void measured(Instant at, long sent, long answered) {
    long roundTrip = answered - sent;
    long middle = sent + roundTrip / 2;
    Reading before = reading;
    if (before == null
        || roundTrip <= best
        || ++ignored >= MEASUREMENTS
        || isStep(Duration.between(before.instant(middle), at), roundTrip)) {
      best = roundTrip;
      ignored = 0;
      reading = new Reading(at, middle, answered, at);
    } else {
      reading = new Reading(before.at(), before.tick(), answered, at);
    }
  }

  /** Returns whether the origin's clock was set since the best measurement. */
  private boolean isStep(Duration difference, long roundTrip) {
    return TimeUnit.NANOSECONDS.convert(difference.abs().minus(STEP)) > roundTrip + best;
  }

  /** Returns the origin's time in its last answer; empty if it has not answered yet. */
  Optional<Instant> last() {
    Reading measured = reading;
    return measured == null ? Optional.empty() : Optional.of(measured.last());
  }

  @Override
  public Instant instant() {
    Reading measured = reading;
    if (measured == null) {
      return own.instant();
    }
    long now = ticks.getAsLong();
    Instant origin = measured.instant(now);
    if (now - measured.answered() <= ORIGIN_SILENCE_MAX.toNanos()) {
      return origin;
    }
    Instant local = own.instant();
    return local.isAfter(origin) ? local : origin;
  }
}
