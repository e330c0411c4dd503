package selvedge.verification.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Time, chance and the events to come. Everything happens on one thread. */
final class World {
  private static final int REMEMBERED = 200;
  private static final boolean TRACE = Boolean.getBoolean("trace");

  final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Event[] recent = new Event[REMEMBERED];
  private Runnable check = () -> {};
  private long now;
  private long made;
  private long happened;
  private long noted;

  /**
   * Something that happens at a time.
   *
   * @param subject the machine or the line to which it happens
   */
  private record Event(long at, long number, String name, Object subject, Runnable action)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
      return "%12.6f  %-10s %s".formatted(at / 1e9, subject, name);
    }
  }

  World(long seed) {
    this.random = new Random(seed);
  }

  /** Runs the check after each event. */
  void watch(Runnable invariants) {
    check = invariants;
  }

  /** Returns the time in nanoseconds since the beginning. */
  long now() {
    return now;
  }

  /** Returns how many events have happened. */
  long happened() {
    return happened;
  }

  void after(Duration wait, String name, Object subject, Runnable action) {
    events.add(new Event(now + Math.max(0, wait.toNanos()), made++, name, subject, action));
  }

  /** Records what has happened within an event. */
  void note(Object subject, String text) {
    remember(new Event(now, made++, "  " + text, subject, () -> {}));
  }

  private void remember(Event event) {
    recent[(int) (noted++ % REMEMBERED)] = event;
    if (TRACE) {
      System.out.println(event);
    }
  }

  /** Returns the last events, oldest first. */
  List<String> recent() {
    List<String> lines = new ArrayList<>();
    for (long i = Math.max(0, noted - REMEMBERED); i < noted; i++) {
      lines.add(recent[(int) (i % REMEMBERED)].toString());
    }
    return lines;
  }

  /** Lets events happen until the condition holds, or until a time. */
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
      remember(next);
      next.action().run();
      check.run();
    }
  }

  /** Lets time pass in which nothing happens. */
  void leap(Duration time) {
    now += time.toNanos();
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
