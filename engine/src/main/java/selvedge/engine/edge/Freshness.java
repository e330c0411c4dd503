package selvedge.engine.edge;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import selvedge.model.Version;

/**
 * The age of a replica: how long ago it had every change of its origin. Safe for use by many
 * threads.
 *
 * <p>An edge requests the version of the origin. Once the replica has that version, it has every
 * change that the origin had when the request was sent. So the age is never understated, whatever
 * the network and the clocks do.
 */
public final class Freshness {
  private static final int MEASUREMENTS_MAX = 1000;

  private final LongSupplier ticks;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Measurement> measurements = new ArrayDeque<>();
  private volatile long complete;
  private volatile boolean known;

  /**
   * @param tick a time at which the origin had no change after the version
   */
  private record Measurement(Version version, long tick) {}

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  Freshness(LongSupplier ticks) {
    this.ticks = ticks;
  }

  /** Records that the origin had no change after the version at the tick. */
  void originHad(Version version, long tick, Version latest) {
    lock.lock();
    try {
      if (measurements.size() < MEASUREMENTS_MAX) {
        measurements.addLast(new Measurement(version, tick));
      }
      reached(latest);
    } finally {
      lock.unlock();
    }
  }

  /** Records that the replica has every change up to the version. */
  void reached(Version latest) {
    lock.lock();
    try {
      for (Measurement next = measurements.peekFirst();
          next != null && next.version().compareTo(latest) <= 0;
          next = measurements.peekFirst()) {
        measurements.removeFirst();
        complete = known && complete - next.tick() > 0 ? complete : next.tick();
        known = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the age; empty if the replica has never been complete. */
  public Optional<Duration> age() {
    return known
        ? Optional.of(Duration.ofNanos(Math.max(0, ticks.getAsLong() - complete)))
        : Optional.empty();
  }

  /** Returns whether the age is known and within the bound. */
  public boolean isWithin(Duration bound) {
    return known && ticks.getAsLong() - complete <= bound.toNanos();
  }
}
