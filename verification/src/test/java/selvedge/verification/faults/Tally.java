package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The expected range of a counter that many clients increment. Safe for use by many threads. */
final class Tally {
  private final AtomicLong attempted = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Set<Long> sums = ConcurrentHashMap.newKeySet();

  void begin() {
    attempted.incrementAndGet();
  }

  void acknowledge(long sum) {
    assertThat(sums.add(sum)).as("%d is the result of only one increment", sum).isTrue();
    acknowledged.incrementAndGet();
  }

  /** Compares the counter after a crash with the acknowledged increments. */
  void settle(long found) {
    assertThat(found)
        .as("the counter after a crash")
        .isBetween(acknowledged.get(), attempted.get())
        .isGreaterThanOrEqualTo(sums.stream().mapToLong(Long::longValue).max().orElse(0));
  }
}
