package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import selvedge.model.Limit;
import selvedge.model.Limits;

/**
 * Decides whether the wall clock may be trusted to free expired entries. Safe for use by many
 * threads.
 *
 * <p>At a start the clock is compared with the newest change, and afterwards with a monotonic
 * clock. A doubtful clock stays doubtful until it is set right or an operator confirms it.
 */
public final class ClockCheck {
  private static final Duration DIFFERENCE_MAX = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final LongSupplier ticks;
  private final Instant newest;
  private final Duration gapMax;
  private final long startTick;

  /** The wall clock at {@link #baseTick}, when it was last trusted. */
  private Instant base;

  private long baseTick;
  private boolean plausible;
  private String doubt = "";

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   * @param newest the time of the newest change; 1970 if there is none
   */
  public ClockCheck(InstantSource clock, LongSupplier ticks, Instant newest, Limits limits) {
    this.clock = clock;
    this.ticks = ticks;
    this.newest = newest;
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
    Duration gap = Duration.between(newest, start);
    boolean fits = gap.compareTo(DIFFERENCE_MAX.negated()) >= 0 && gap.compareTo(gapMax) <= 0;
    return newest.equals(Instant.EPOCH) || fits
        ? ""
        : "the newest change is of " + newest + ", but the clock showed " + start + " at the start";
  }
}
