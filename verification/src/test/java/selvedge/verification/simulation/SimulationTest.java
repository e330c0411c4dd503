package selvedge.verification.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulationTest {
  private static final long SEEDS = Long.getLong("seeds", 15);
  private static final long FIRST = Long.getLong("first", 1);

  private static final String COMMAND =
      "mvn verify -pl verification -am -Dtest=SimulationTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  /** A planted fault has to show within so many seeds. */
  private static final long SEEDS_PER_FAULT = 100;

  @Test
  void noSeedBreaksAPromise() throws IOException {
    String count = System.getProperty("count");
    if (count != null) {
      long end = System.nanoTime() + Duration.ofMinutes(Long.getLong("minutes", 10)).toNanos();
      new SeedCount(Path.of(count)).run(end, SimulationTest::requireKept);
      return;
    }
    Long one = Long.getLong("seed");
    LongStream seeds = one == null ? LongStream.range(FIRST, FIRST + SEEDS) : LongStream.of(one);
    seeds.parallel().forEach(SimulationTest::requireKept);
  }

  private static void requireKept(long seed) {
    try {
      assertThat(Simulation.run(seed, Fault.NONE)).isGreaterThan(10_000);
    } catch (Violation e) {
      throw new AssertionError(
          "seed %d breaks a promise: %s%nlast events:%n%s%nagain with: %s"
              .formatted(
                  seed, e, String.join("\n", e.events()), COMMAND + " -Dtrace -Dseed=" + seed),
          e);
    }
  }

  @Test
  void aSeedGivesTheSameResultEachTime() {
    assertThat(Simulation.run(42, Fault.NONE)).isEqualTo(Simulation.run(42, Fault.NONE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aPlantedFaultIsFound(Fault fault) {
    for (long seed = fault.first; seed < fault.first + SEEDS_PER_FAULT; seed++) {
      try {
        Simulation.run(seed, fault);
      } catch (Violation e) {
        System.out.println("fault " + fault + " shows with seed " + seed + ": " + e.getMessage());
        return;
      }
    }
    fail("no seed shows the fault " + fault);
  }
}
