package selvedge.server.analytics;

import java.util.Arrays;

/**
 * The distribution of durations. Two sketches can be merged without a loss. Belongs to one thread.
 *
 * <p>A power of two has 16 buckets of the same width, so a quantile differs from the exact one by
 * at most 1/32. Durations under a microsecond share one bucket, and so do those over four minutes.
 */
public final class Sketch {
  static final int BUCKETS_PER_POWER = 16;

  /** Powers from 2^10 to 2^37 nanoseconds. */
  static final int POWERS = 28;

  static final int BUCKETS = 1 + POWERS * BUCKETS_PER_POWER;
  private static final int POWER_MIN = 10;
  private static final int WIDTH_BITS = 4;
  private static final double HALF = 0.5;

  private int first;
  private long[] counts = {};
  private long count;

  /** Returns the bucket of a duration. */
  static int bucket(long nanos) {
    if (nanos < 1L << POWER_MIN) {
      return 0;
    }
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    if (power >= POWER_MIN + POWERS) {
      return BUCKETS - 1;
    }
    int part = (int) (nanos >>> (power - WIDTH_BITS)) & (BUCKETS_PER_POWER - 1);
    return 1 + (power - POWER_MIN) * BUCKETS_PER_POWER + part;
  }

  /** Returns the middle of a bucket. */
  private static double nanos(int bucket) {
    if (bucket == 0) {
      return (1L << POWER_MIN) * HALF;
    }
    int power = POWER_MIN + (bucket - 1) / BUCKETS_PER_POWER;
    int part = (bucket - 1) % BUCKETS_PER_POWER;
    return Math.scalb(1 + (part + HALF) / BUCKETS_PER_POWER, power);
  }

  /** Adds one duration. */
  public void add(long nanos) {
    add(bucket(nanos), 1);
  }

  void add(int bucket, long more) {
    reach(bucket, bucket);
    counts[bucket - first] += more;
    count += more;
  }

  /** Adds all durations of another sketch. */
  public void add(Sketch other) {
    if (other.count > 0) {
      reach(other.first, other.first + other.counts.length - 1);
      for (int index = 0; index < other.counts.length; index++) {
        counts[other.first + index - first] += other.counts[index];
      }
      count += other.count;
    }
  }

  /** Extends the range of buckets that have a place. */
  private void reach(int least, int most) {
    if (counts.length == 0) {
      first = least;
      counts = new long[most - least + 1];
      return;
    }
    int start = Math.min(first, least);
    int end = Math.max(first + counts.length, most + 1);
    if (end - start > counts.length) {
      long[] more = new long[end - start];
      System.arraycopy(counts, 0, more, first - start, counts.length);
      first = start;
      counts = more;
    }
  }

  /** Returns the number of durations. */
  public long count() {
    return count;
  }

  /**
   * Returns a duration in nanoseconds that the given share of all durations does not exceed; 0
   * without durations.
   *
   * @param share from 0 to 1
   */
  public double quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int index = 0; index < counts.length; index++) {
      seen += counts[index];
      if (seen >= rank) {
        return nanos(first + index);
      }
    }
    return 0;
  }

  /** Returns about how many durations are at most as long, to 1/32 of the duration. */
  public long countUpTo(long nanos) {
    long[] sum = {0};
    visit((bucket, number) -> sum[0] += nanos(bucket) <= nanos ? number : 0);
    return sum[0];
  }

  /** Returns the sum of all durations in nanoseconds, to 1/32. */
  public double sumNanos() {
    double[] sum = {0};
    visit((bucket, number) -> sum[0] += nanos(bucket) * number);
    return sum[0];
  }

  /** Receives the buckets that are not empty, in their order. */
  interface Visitor {
    void bucket(int bucket, long count);
  }

  void visit(Visitor visitor) {
    for (int index = 0; index < counts.length; index++) {
      if (counts[index] > 0) {
        visitor.bucket(first + index, counts[index]);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sketch sketch && Arrays.equals(sparse(), sketch.sparse());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sparse());
  }

  private long[] sparse() {
    long[] all = new long[BUCKETS];
    visit((bucket, number) -> all[bucket] = number);
    return all;
  }
}
