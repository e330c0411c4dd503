package selvedge.benchmarks.race;

/**
 * Counts times with a precision of one percent, in 30 KB of memory. Belongs to one thread.
 *
 * <p>A bucket holds the times that have the same eight leading binary digits.
 */
final class Latencies {
  private static final int DIGITS = 7;
  private static final int BUCKETS = (Long.SIZE - DIGITS) << DIGITS;

  private final int[] counts = new int[BUCKETS];
  private long count;

  void record(long nanos) {
    int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - DIGITS);
    counts[(shift << DIGITS) + (int) (nanos >>> shift)]++;
    count++;
  }

  void add(Latencies other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
  }

  long count() {
    return count;
  }

  /** Returns the time that the given part of all times does not exceed. */
  double micros(double part) {
    long rank = Math.max(1, (long) Math.ceil(part * count));
    long seen = 0;
    int bucket = -1;
    while (seen < rank && bucket < BUCKETS - 1) {
      bucket++;
      seen += counts[bucket];
    }
    return end(bucket) / 1e3;
  }

  /** Returns the greatest time of a bucket. */
  private static long end(int bucket) {
    int shift = Math.max(0, (bucket >> DIGITS) - 1);
    return (((long) bucket - ((long) shift << DIGITS) + 1) << shift) - 1;
  }
}
