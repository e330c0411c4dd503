package selvedge.server.analytics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The counts of one kind of operation that are being added to. Safe for use by many threads. */
final class LiveCell {
  /** The buckets of the sketch by powers of two, because most powers stay empty. */
  private final AtomicReferenceArray<@Nullable AtomicLongArray> powers =
      new AtomicReferenceArray<>(Sketch.POWERS + 1);

  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();

  void add(long nanos, long in, long out) {
    int bucket = Sketch.bucket(nanos);
    AtomicLongArray counts = powers.get(bucket / Sketch.BUCKETS_PER_POWER);
    if (counts == null) {
      counts = created(bucket / Sketch.BUCKETS_PER_POWER);
    }
    counts.incrementAndGet(bucket % Sketch.BUCKETS_PER_POWER);
    if (in > 0) {
      bytesIn.addAndGet(in);
    }
    if (out > 0) {
      bytesOut.addAndGet(out);
    }
  }

  private AtomicLongArray created(int power) {
    var counts = new AtomicLongArray(Sketch.BUCKETS_PER_POWER);
    AtomicLongArray other = powers.compareAndExchange(power, null, counts);
    return other == null ? counts : other;
  }

  long bytesIn() {
    return bytesIn.get();
  }

  long bytesOut() {
    return bytesOut.get();
  }

  /** Returns the durations so far. */
  Sketch sketch() {
    var sketch = new Sketch();
    for (int power = 0; power < powers.length(); power++) {
      AtomicLongArray counts = powers.get(power);
      for (int part = 0; counts != null && part < Sketch.BUCKETS_PER_POWER; part++) {
        long count = counts.get(part);
        if (count > 0) {
          sketch.add(power * Sketch.BUCKETS_PER_POWER + part, count);
        }
      }
    }
    return sketch;
  }
}
