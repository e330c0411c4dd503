package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PropagationDelaysTest {
  private final AtomicLong ticks = new AtomicLong();
  private final PropagationDelays delays = new PropagationDelays(ticks::get);

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void withoutChangesTheSummaryIsEmpty() {
    assertThat(delays.summary())
        .isEqualTo(new PropagationDelays.Summary(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }

  @Test
  void reportsMedianTailAndMaximum() {
    for (int i = 1; i <= 200; i++) {
      delays.add(millis(i));
    }
    assertThat(delays.summary())
        .isEqualTo(new PropagationDelays.Summary(200, millis(100), millis(198), millis(200)));
  }

  @Test
  void dropsOldDelaysAndKeepsTheNewestOnes() {
    delays.add(millis(9999));
    ticks.addAndGet(PropagationDelays.SPAN.toNanos() + 1);
    for (int i = 0; i < 5000; i++) {
      delays.add(millis(i < 1000 ? 500 : 7));
    }
    assertThat(delays.summary())
        .isEqualTo(new PropagationDelays.Summary(4096, millis(7), millis(500), millis(500)));
  }

  @Test
  void aClockThatIsBehindByCenturiesCausesADelayThatIsCounted() {
    delays.add(Duration.ofDays(400 * 365));
    assertThat(delays.summary().count()).isEqualTo(1);
    assertThat(delays.summary().max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
  }

  @Test
  void aClockThatIsBehindCausesNoNegativeDelay() {
    delays.add(millis(-3));
    assertThat(delays.summary().max()).isEqualTo(Duration.ZERO);
  }
}
