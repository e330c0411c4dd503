package selvedge.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  @Test
  void everyTimeIsCountedWithAPrecisionOfOnePercent() {
    for (long nanos = 1; nanos < Long.MAX_VALUE / 3; nanos = nanos * 3 / 2 + 1) {
      var latencies = new Latencies();
      latencies.record(nanos);
      assertThat(latencies.micros(0.5)).isCloseTo(nanos / 1e3, Percentage.withPercentage(1));
    }
  }

  @Test
  void returnsTheTimesThatAPartDoesNotExceed() {
    var latencies = new Latencies();
    var others = new Latencies();
    for (int i = 1; i <= 100; i++) {
      (i % 2 == 0 ? latencies : others).record(i);
    }
    latencies.add(others);

    assertThat(latencies.count()).isEqualTo(100);
    assertThat(latencies.micros(0.5)).isEqualTo(0.05);
    assertThat(latencies.micros(0.99)).isEqualTo(0.099);
    assertThat(latencies.micros(1)).isEqualTo(0.1);
  }
}
