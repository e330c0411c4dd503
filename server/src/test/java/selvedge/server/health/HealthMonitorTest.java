package selvedge.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HealthMonitorTest {
  private static final Health FULL = new Health(State.READ_ONLY, "the disk is full");

  private final List<Health> lines = new ArrayList<>();
  private Health health = Health.SERVING;
  private Duration now = Duration.ZERO;
  private int repairs;
  private final HealthMonitor monitor =
      new HealthMonitor(
          () -> health,
          () -> now.toNanos(),
          () -> repairs++,
          (_, changed, _) -> lines.add(changed));

  private void step(Health next) {
    health = next;
    now = now.plus(monitor.step());
  }

  @Test
  void aStateThatStaysIsLoggedOnce() {
    for (int i = 0; i < 100; i++) {
      step(FULL);
    }

    assertThat(lines).containsExactly(FULL);
    assertThat(repairs).isEqualTo(100);
  }

  @Test
  void aStateThatChangesAllTheTimeIsLoggedAFewTimesInAMinute() {
    while (now.toMinutes() < 10) {
      step(FULL);
      step(Health.SERVING);
    }

    assertThat(lines).hasSizeBetween(10, 70);
  }

  @Test
  void aServerThatStopsRepairsNothing() {
    step(new Health(State.DRAINING, "the server is stopping"));

    assertThat(lines).hasSize(1);
    assertThat(repairs).isZero();
  }

  @Test
  void theLastStateIsLoggedAfterManyChanges() {
    for (int i = 0; i < 20; i++) {
      step(Health.SERVING);
      step(FULL);
    }
    Duration end = now.plusMinutes(2);
    while (now.compareTo(end) < 0) {
      step(Health.SERVING);
    }

    assertThat(lines.getLast()).isEqualTo(Health.SERVING);
  }
}
