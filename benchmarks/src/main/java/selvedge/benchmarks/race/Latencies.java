package selvedge.benchmarks.race;

/** Counts times by tenths of a microsecond, up to 50 ms. Belongs to one thread. */
final class Latencies {
  private static final int BUCKET_NANOS = 100;
  private static final int BUCKETS = 500_000;

  private final int[] counts = new int[BUCKETS];
  private long count;

  void record(long nanos) {
    counts[(int) Math.min(BUCKETS - 1, nanos / BUCKET_NANOS)]++;
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
    long rank = (long) Math.ceil(part * count);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return (i + 1) * BUCKET_NANOS / 1e3;
      }
    }
    return BUCKETS * BUCKET_NANOS / 1e3;
  }
}
