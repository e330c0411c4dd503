package selvedge.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker that goes on after failures. */
final class RestartingWorkerTest {
  private final List<Throwable> failures = new ArrayList<>();
  private boolean fails = true;
  private final RestartingWorker worker =
      new RestartingWorker(
          () -> {
            if (fails) {
              throw new OutOfMemoryError("of this test");
            }
            return Duration.ZERO;
          },
          failures::add);

  @Test
  void stepsAgainAfterAnErrorAndWaitsLongerEachTime() {
    List<Duration> waits = List.of(worker.step(), worker.step(), worker.step());

    assertThat(waits)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(failures).hasSize(3);
  }

  @Test
  void waitsAtMostAMinute() {
    for (int i = 0; i < 20; i++) {
      worker.step();
    }

    assertThat(worker.step()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void resetsTheWaitAfterManyStepsWithoutAFailure() {
    worker.step();
    worker.step();
    fails = false;
    for (int i = 0; i < 20; i++) {
      assertThat(worker.step()).isZero();
    }
    fails = true;

    assertThat(worker.step()).isEqualTo(Duration.ofSeconds(1));
  }
}
