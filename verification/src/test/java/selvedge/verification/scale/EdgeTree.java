package selvedge.verification.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A tree of servers through which changes spread: the origin, relays and edges. A server applies a
 * change and then sends it to one child after another.
 *
 * @param changesPerSecond at random moments
 * @param applyMicros CPU time of a change at each server
 * @param sendMicros CPU time of a change for each child
 * @param lineMicros one-way delay of a line
 * @param fanOut the children of a server, level by level
 */
record EdgeTree(
    double changesPerSecond,
    double applyMicros,
    double sendMicros,
    double lineMicros,
    List<Integer> fanOut) {
  private static final double MICROS = 1e6;

  EdgeTree {
    fanOut = List.copyOf(fanOut);
  }

  /** Returns the number of servers below the origin. */
  int edges() {
    int all = 0;
    int level = 1;
    for (int each : fanOut) {
      level *= each;
      all += level;
    }
    return all;
  }

  /** Returns the CPU time of a change at a server of a level; the origin has level 0. */
  double serviceMicros(int level) {
    int children = level < fanOut.size() ? fanOut.get(level) : 0;
    return applyMicros + children * sendMicros;
  }

  /** Returns the part of a core that a server of a level uses. */
  double load(int level) {
    return changesPerSecond * serviceMicros(level) / MICROS;
  }

  /**
   * Returns the mean time from a change to its application at a server of a level: the wait for a
   * core at the origin, and for each level the average place among the children, the line, and the
   * application. Changes reach the children no faster than the origin sends them, so they wait
   * there only if a change takes a child longer than the origin.
   */
  double meanMicros(int level) {
    double load = load(0);
    double wait = load * serviceMicros(0) / (2 * (1 - load));
    double time = wait + applyMicros;
    for (int i = 0; i < level; i++) {
      time += sendMicros * (fanOut.get(i) + 1) / 2 + lineMicros + applyMicros;
    }
    return time;
  }

  /** Returns the mean times of all levels in a simulation of single changes. */
  List<Double> simulate(int changes, SplittableRandom random) {
    double[] made = new double[changes];
    double[] arrived = new double[changes];
    double now = 0;
    for (int i = 0; i < changes; i++) {
      now += -Math.log(1 - random.nextDouble()) * MICROS / changesPerSecond;
      made[i] = now;
      arrived[i] = now;
    }
    double[] sums = new double[fanOut.size() + 1];
    int[] counts = new int[fanOut.size() + 1];
    spread(0, made, arrived, sums, counts);
    List<Double> means = new ArrayList<>();
    for (int level = 0; level < sums.length; level++) {
      means.add(sums[level] / counts[level] / changes);
    }
    return means;
  }

  private void spread(int level, double[] made, double[] arrived, double[] sums, int[] counts) {
    int children = level < fanOut.size() ? fanOut.get(level) : 0;
    double[] begun = new double[made.length];
    double free = 0;
    for (int i = 0; i < made.length; i++) {
      begun[i] = Math.max(arrived[i], free);
      free = begun[i] + serviceMicros(level);
      sums[level] += begun[i] + applyMicros - made[i];
    }
    counts[level]++;
    for (int child = 1; child <= children; child++) {
      double[] there = new double[made.length];
      for (int i = 0; i < made.length; i++) {
        there[i] = begun[i] + applyMicros + child * sendMicros + lineMicros;
      }
      spread(level + 1, made, there, sums, counts);
    }
  }
}
