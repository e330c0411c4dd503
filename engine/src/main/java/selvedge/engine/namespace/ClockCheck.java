package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import selvedge.engine.store.Store;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.SelvedgeException;

/**
 * Decides whether the wall clock may be trusted to free expired entries. Safe for use by many
 * threads.
 *
 * <p>At a start the clock is compared with the time at which it was last trusted, and afterwards
 * with a monotonic clock. A doubtful clock stays doubtful until it is set right or an operator
 * confirms it. What it shows meanwhile does not count at the next start.
 */
public final class ClockCheck {
  private static final Duration DIFFERENCE_MAX = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final LongSupplier ticks;
  private final Instant earlier;
  private final Duration gapMax;
  private final long startTick;

  /** The wall clock at {@link #baseTick}, when it was last trusted. */
  private Instant base;

  private long baseTick;
  private boolean plausible;
  private String doubt = "";

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   * @param earlier the time at which the clock was last trusted; 1970 for a new store
   */
  public ClockCheck(InstantSource clock, LongSupplier ticks, Instant earlier, Limits limits) {
    this.clock = clock;
    this.ticks = ticks;
    this.earlier = earlier;
    this.gapMax = limits.seconds(Limit.CLOCK_GAP_SECONDS);
    this.startTick = ticks.getAsLong();
    this.base = clock.instant();
    this.baseTick = startTick;
    check();
  }

  /** Returns why no expired entry is freed; empty while the clock is trusted. */
  public synchronized Optional<String> doubt() {
    check();
    return doubt.isEmpty() ? Optional.empty() : Optional.of(doubt);
  }

  public boolean isTrusted() {
    return doubt().isEmpty();
  }

  /**
   * Returns the time at which the clock was last trusted, plus what the monotonic clock has
   * measured since; only the time given at the start if the clock has been doubtful since then.
   */
  public synchronized Instant trustedAt() {
    check();
    return plausible ? base.plusNanos(ticks.getAsLong() - baseTick) : earlier;
  }

  /** Records in a store what the clock is compared with at the next start. */
  public void record(Store store) {
    try {
      store.trusted(trustedAt());
    } catch (SelvedgeException _) {
      // The disk is full, for example. Then the earlier record counts.
    }
  }

  /** Trusts the clock from now on, because an operator says that it is right. */
  public synchronized void confirm() {
    trust(clock.instant(), ticks.getAsLong());
  }

  private void trust(Instant now, long tick) {
    base = now;
    baseTick = tick;
    plausible = true;
    doubt = "";
  }

  private void check() {
    Instant now = clock.instant();
    long tick = ticks.getAsLong();
    if (!plausible) {
      doubt = gap(now.minusNanos(tick - startTick));
      if (doubt.isEmpty()) {
        trust(now, tick);
      }
      return;
    }
    Duration jump = Duration.between(base, now).minusNanos(tick - baseTick);
    doubt =
        jump.abs().compareTo(DIFFERENCE_MAX) > 0
            ? "the clock has jumped by " + jump.toSeconds() + " s"
            : "";
  }

  private String gap(Instant start) {
    Duration gap = Duration.between(earlier, start);
    boolean fits = gap.compareTo(DIFFERENCE_MAX.negated()) >= 0 && gap.compareTo(gapMax) <= 0;
    return earlier.equals(Instant.EPOCH) || fits
        ? ""
        : "the clock was last trusted at "
            + earlier
            + ", but the clock showed "
            + start
            + " at the start";
  }
}
