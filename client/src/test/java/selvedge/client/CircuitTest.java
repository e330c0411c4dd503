package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CircuitTest {
  private static final URI NEAR = URI.create("http://10.0.0.1");
  private static final URI FAR = URI.create("http://10.0.0.2");

  private final AtomicLong ticks = new AtomicLong(100);
  private final Circuit circuit = new Circuit(2, ticks::get);

  @Test
  void opensWhenEachServerHasRefusedOrWasSilent() {
    assertThat(circuit.refused(NEAR)).isFalse();
    assertThat(circuit.refused(NEAR)).isFalse();
    assertThat(circuit.isOpen()).isFalse();

    assertThat(circuit.timedOut(FAR, 100)).isTrue();
    assertThat(circuit.isOpen()).isTrue();
    assertThat(circuit.timedOut(FAR, 100)).isFalse();
  }

  @Test
  void aTimeoutDuringWhichAnotherRequestWasAnsweredIsOneFailureOnly() {
    long start = ticks.get();
    ticks.addAndGet(10);
    circuit.answered();

    circuit.timedOut(NEAR, start);
    circuit.timedOut(FAR, start);

    for (int i = 2; i < 5; i++) {
      assertThat(circuit.failed()).isFalse();
    }
    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.failed()).isTrue();
  }

  @Test
  void anAnswerClosesItAndForgetsTheFailuresBeforeIt() {
    circuit.refused(NEAR);
    circuit.refused(FAR);
    assertThat(circuit.isOpen()).isTrue();

    circuit.answered();

    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.refused(FAR)).isFalse();
  }
}
