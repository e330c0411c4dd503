package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class EpochsTest {

  @Test
  void everyEpochIsExactInJson() {
    RandomGenerator ones = () -> -1L;

    assertThat(Epochs.draw(ones)).isEqualTo((1L << 53) - 1);
    assertThat((long) (double) Epochs.draw(ones)).isEqualTo(Epochs.draw(ones));
    assertThat(Epochs.draw(() -> Long.MIN_VALUE)).isPositive();
  }
}
