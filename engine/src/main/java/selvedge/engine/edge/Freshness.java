package selvedge.engine.edge;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import selvedge.model.Version;

/**
 * How long ago a replica had everything that its origin had then. Safe for use by many threads.
 *
 * <p>The origin is asked for its version. Once the replica has that version, it has everything that
 * was there when the question was sent; so the age is never understated, whatever the network and
 * the clocks do.
 */
public final class Freshness {
  private static final int QUESTIONS_MAX = 1000;

  private final LongSupplier ticks;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Question> questions = new ArrayDeque<>();
  private volatile long complete;
  private volatile boolean known;

  /**
   * @param tick when everything up to the version was there
   */
  private record Question(Version version, long tick) {}

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  Freshness(LongSupplier ticks) {
    this.ticks = ticks;
  }

  /** The origin had this version, and nothing more, at that tick or later. */
  void told(Version version, long tick, Version latest) {
    lock.lock();
    try {
      if (questions.size() < QUESTIONS_MAX) {
        questions.addLast(new Question(version, tick));
      }
      reached(latest);
    } finally {
      lock.unlock();
    }
  }

  /** The replica has everything up to this version. */
  void reached(Version latest) {
    lock.lock();
    try {
      for (Question next = questions.peekFirst();
          next != null && next.version().compareTo(latest) <= 0;
          next = questions.peekFirst()) {
        questions.removeFirst();
        complete = known && complete - next.tick() > 0 ? complete : next.tick();
        known = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Empty when the replica has never been complete. */
  public Optional<Duration> age() {
    return known
        ? Optional.of(Duration.ofNanos(Math.max(0, ticks.getAsLong() - complete)))
        : Optional.empty();
  }

  /** Whether the age is known and at most this. */
  public boolean isWithin(Duration bound) {
    return known && ticks.getAsLong() - complete <= bound.toNanos();
  }
}
