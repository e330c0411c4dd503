package selvedge.engine.edge;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Measures how long changes took to become visible at an edge. Safe for use by many threads. */
public final class PropagationDelays {
  /** The time that a summary covers. */
  public static final Duration SPAN = Duration.ofMinutes(5);

  private static final int SAMPLES = 4096;

  private final LongSupplier ticks;
  private final ReentrantLock lock = new ReentrantLock();
  private final long[] when = new long[SAMPLES];
  private final long[] nanos = new long[SAMPLES];
  private long count;

  /** The delays of one span. All are zero if there was no change. */
  public record Summary(int count, Duration median, Duration p99, Duration max) {}

  PropagationDelays(LongSupplier ticks) {
    this.ticks = ticks;
  }

  void add(Duration delay) {
    lock.lock();
    try {
      int place = (int) (count++ % SAMPLES);
      when[place] = ticks.getAsLong();
      nanos[place] = Math.max(0, TimeUnit.NANOSECONDS.convert(delay));
    } finally {
      lock.unlock();
    }
  }

  /** Returns the delays of the changes within the last {@link #SPAN}. */
  public Summary summary() {
    long[] recent = recent();
    Arrays.sort(recent);
    return new Summary(recent.length, at(recent, 0.5), at(recent, 0.99), at(recent, 1));
  }

  private long[] recent() {
    lock.lock();
    try {
      long oldest = ticks.getAsLong() - SPAN.toNanos();
      long[] recent = new long[(int) Math.min(count, SAMPLES)];
      int found = 0;
      for (int i = 0; i < recent.length; i++) {
        if (when[i] - oldest >= 0) {
          recent[found++] = nanos[i];
        }
      }
      return Arrays.copyOf(recent, found);
    } finally {
      lock.unlock();
    }
  }

  private static Duration at(long[] sorted, double share) {
    int place = (int) Math.ceil(share * sorted.length) - 1;
    return sorted.length == 0 ? Duration.ZERO : Duration.ofNanos(sorted[Math.max(place, 0)]);
  }
}
