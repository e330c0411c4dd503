package selvedge.verification.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The model of docs/scale.md against a simulation of 1,000 edges in a tree of depth 3. */
final class EdgeTreeTest {
  private static final int CHANGES = 2_000;
  private static final List<Integer> THOUSAND = List.of(10, 9, 10);

  /** The costs are those that docs/scale.md has measured, and the lines take 20 ms. */
  private static EdgeTree tree(double changesPerSecond) {
    return new EdgeTree(changesPerSecond, 60, 15, 20_000, THOUSAND);
  }

  @Test
  void aTreeOfDepthThreeHasAThousandEdges() {
    assertThat(tree(1).edges()).isEqualTo(1_000);
  }

  @Test
  void theModelAgreesWithTheSimulation() {
    for (double rate : List.of(100.0, 1_000.0, 2_000.0, 4_000.0)) {
      EdgeTree tree = tree(rate);
      List<Double> simulated = tree.simulate(CHANGES, new SplittableRandom(29));
      for (int level = 0; level < simulated.size(); level++) {
        assertThat(simulated.get(level))
            .as("level %d at %.0f changes a second", level, rate)
            .isCloseTo(tree.meanMicros(level), within(0.2 * tree.meanMicros(level)));
      }
    }
  }

  /** Without relays the origin sends each change a thousand times. */
  @Test
  void aThousandEdgesAtOneServerAreTooMany() {
    var flat = new EdgeTree(2_000, 60, 15, 20_000, List.of(1_000));

    assertThat(flat.load(0)).isGreaterThan(1);
    assertThat(tree(2_000).load(0)).isLessThan(1);
  }
}
