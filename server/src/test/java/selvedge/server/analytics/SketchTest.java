package selvedge.server.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A sketch of durations is close to them and can be merged. */
final class SketchTest {
  private final Random random = new Random(Long.getLong("seed", 7));

  /** Between a microsecond and 17 minutes, with as many short as long ones. */
  private long duration() {
    return (long) (1000 * Math.exp(random.nextDouble() * Math.log(1e9)));
  }

  @Test
  void aQuantileIsWithinAThirtySecondOfTheExactOne() {
    long[] durations = new long[10_000];
    var sketch = new Sketch();
    for (int index = 0; index < durations.length; index++) {
      durations[index] = Math.min(duration(), 200_000_000_000L);
      sketch.add(durations[index]);
    }
    Arrays.sort(durations);

    for (double share : new double[] {0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1}) {
      double exact = durations[(int) Math.ceil(share * durations.length) - 1];
      assertThat(sketch.quantile(share)).isCloseTo(exact, within(exact / 32 + 1024));
    }
  }

  @Test
  void aMergedSketchEqualsTheSketchOfAllDurations() {
    var all = new Sketch();
    var merged = new Sketch();
    for (int part = 0; part < 10; part++) {
      var sketch = new Sketch();
      for (int index = 0; index < 100; index++) {
        long duration = duration();
        sketch.add(duration);
        all.add(duration);
      }
      merged.add(sketch);
    }
    assertThat(merged).isEqualTo(all);
    assertThat(merged.count()).isEqualTo(1000);
  }

  @Test
  void anEmptySketchHasNoDuration() {
    assertThat(new Sketch().quantile(0.5)).isZero();
  }
}
