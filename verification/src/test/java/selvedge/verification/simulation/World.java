package selvedge.verification.simulation;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Time and chance, and what is to happen when. Everything here happens in one thread. */
final class World {
  final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private Runnable check = () -> {};
  private long now;
  private long made;
  private long happened;

  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  World(long seed) {
    this.random = new Random(seed);
  }

  /**
   * @param invariants run after each event
   */
  void watch(Runnable invariants) {
    check = invariants;
  }

  /** In nanoseconds since the beginning. */
  long now() {
    return now;
  }

  long happened() {
    return happened;
  }

  void after(Duration wait, Runnable what) {
    events.add(new Event(now + Math.max(0, wait.toNanos()), made++, what));
  }

  /** Lets things happen until the condition holds, or until that time. */
  void run(long until, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Event next = events.peek();
      if (next == null || next.at() > until) {
        now = Math.max(now, until);
        return;
      }
      events.poll();
      now = Math.max(now, next.at());
      happened++;
      next.what().run();
      check.run();
    }
  }

  Duration between(int leastMicros, int mostMicros) {
    return Duration.ofNanos(1000L * (leastMicros + random.nextInt(mostMicros - leastMicros + 1)));
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  int oneOf(int count) {
    return random.nextInt(count);
  }
}
