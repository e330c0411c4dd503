package selvedge.server.health;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.ReportRate;
import selvedge.engine.work.Worker;

/**
 * Logs the changes of a server's state, each in one line, and repairs what the server can repair by
 * itself. Belongs to one thread, except for {@link #health}.
 *
 * <p>On a full disk the state may change with each write. Only a few lines in a minute are written
 * then, and the state that stays is always logged in the end.
 */
public final class HealthMonitor implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final Supplier<Health> current;
  private final LongSupplier ticks;
  private final Runnable repair;
  private final Log log;
  private final ReportRate lines = new ReportRate();
  private Health logged = Health.SERVING;
  private long since;

  /** Writes a change of the state. */
  interface Log {

    /**
     * Writes one line.
     *
     * @param lasted the duration of the state before
     */
    void write(Health before, Health now, Duration lasted);
  }

  /**
   * @param current computes the state
   * @param ticks a clock in nanoseconds that only measures spans
   * @param repair is called at each step while the server is neither serving nor draining
   */
  public HealthMonitor(Supplier<Health> current, LongSupplier ticks, Runnable repair) {
    this(current, ticks, repair, HealthMonitor::log);
  }

  HealthMonitor(Supplier<Health> current, LongSupplier ticks, Runnable repair, Log log) {
    this.current = current;
    this.ticks = ticks;
    this.repair = repair;
    this.log = log;
    this.since = ticks.getAsLong();
  }

  /** Returns the state as of now. */
  public Health health() {
    return current.get();
  }

  @Override
  public Duration step() {
    Health now = current.get();
    Health before = logged;
    long tick = ticks.getAsLong();
    if (isOther(now, before) && lines.admits(Duration.ofNanos(tick))) {
      logged = now;
      log.write(before, now, Duration.ofNanos(tick - since));
      since = tick;
    }
    if (now.state() != State.SERVING && now.state() != State.DRAINING) {
      repair.run();
    }
    return INTERVAL;
  }

  private static boolean isOther(Health now, Health before) {
    return !now.state().equals(before.state()) || !now.reason().equals(before.reason());
  }

  private static void log(Health before, Health now, Duration lasted) {
    switch (now.state()) {
      case SERVING ->
          LOG.info("health: serving again, after {} s of {}", lasted.toSeconds(), before.text());
      case DRAINING, RECOVERING -> LOG.info("health: {}: {}", now.state().label(), now.detail());
      case READ_ONLY, DAMAGED -> LOG.error("health: {}: {}", now.state().label(), now.detail());
    }
  }
}
