package selvedge.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.model.Version;

final class OpeningsTest {
  private static final Openings OPENINGS =
      new Openings(
          List.of(opening(3, 1_000_020, 9_000_000), opening(2, 100, 1_000_000), opening(1, 9, 10)));

  private static Openings.Opening opening(long id, long after, long first) {
    return new Openings.Opening(id, id, new Version(after), new Version(first));
  }

  private static long changes(long after, long until) {
    return OPENINGS.changes(new Version(after), new Version(until));
  }

  @Test
  void countsNoNumbersThatWereSkippedBetweenLineages() {
    assertThat(changes(20, 60)).isEqualTo(40);
    assertThat(changes(100, 1_000_000)).isEqualTo(1);
    assertThat(changes(90, 1_000_009)).isEqualTo(20);
    assertThat(changes(500, 1_000_000)).isEqualTo(1);
    assertThat(changes(90, 9_000_001)).isEqualTo(10 + 21 + 2);
    assertThat(changes(9_000_001, 90)).isZero();
    assertThat(Openings.NONE.changes(new Version(3), new Version(5))).isEqualTo(2);
  }
}
