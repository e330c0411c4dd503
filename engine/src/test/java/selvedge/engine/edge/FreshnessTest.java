package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.model.Version;

final class FreshnessTest {
  private final AtomicLong ticks = new AtomicLong(1000);
  private final Freshness freshness = new Freshness(ticks::get);

  private static Version version(long number) {
    return new Version(number);
  }

  private static Optional<Duration> nanos(long nanos) {
    return Optional.of(Duration.ofNanos(nanos));
  }

  @Test
  void theAgeIsUnknownUntilTheVersionHasArrived() {
    freshness.originHad(version(5), 900, version(4));
    assertThat(freshness.age()).isEmpty();
    assertThat(freshness.isWithin(Duration.ofDays(1))).isFalse();
  }

  @Test
  void theAgeCountsFromTheRequestAndNotFromItsAnswer() {
    freshness.originHad(version(5), 900, version(4));
    ticks.set(2000);
    freshness.reached(version(5));
    assertThat(freshness.age()).isEqualTo(nanos(1100));
    assertThat(freshness.isWithin(Duration.ofNanos(1100))).isTrue();
    assertThat(freshness.isWithin(Duration.ofNanos(1099))).isFalse();
  }

  @Test
  void anOlderMeasurementDoesNotIncreaseTheAge() {
    freshness.originHad(version(5), 900, version(5));
    freshness.originHad(version(5), 400, version(5));
    assertThat(freshness.age()).isEqualTo(nanos(100));
  }

  @Test
  void whileItCatchesUpEachMeasurementCountsOnceItsVersionHasArrived() {
    freshness.originHad(version(5), 1000, version(0));
    freshness.originHad(version(9), 2000, version(0));
    ticks.set(3000);
    freshness.reached(version(6));
    assertThat(freshness.age()).isEqualTo(nanos(2000));
    freshness.reached(version(9));
    assertThat(freshness.age()).isEqualTo(nanos(1000));
  }

  @Test
  void theTicksMayStartAnywhere() {
    ticks.set(Long.MAX_VALUE - 10);
    freshness.originHad(version(1), Long.MAX_VALUE - 10, version(1));
    ticks.addAndGet(100);
    assertThat(freshness.age()).isEqualTo(nanos(100));
  }
}
