package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;

final class EdgeReportsTest {
  private final AtomicLong ticks = new AtomicLong();
  private final EdgeReports reports = new EdgeReports(ticks::get);

  private void report(String location) {
    reports.store(Bytes.utf8("{\"location\":\"" + location + "\"}"));
  }

  @Test
  void aRetiredEdgeIsForgotten() {
    report("fra");
    report("syd");
    ticks.addAndGet(Duration.ofSeconds(31).toNanos());

    reports.retire("fra");

    assertThat(reports.figures((_, _) -> 1)).containsOnlyKeys("syd");
  }

  @Test
  void anEdgeThatReportsCannotBeRetired() {
    report("fra");
    ticks.addAndGet(Duration.ofSeconds(3).toNanos());

    assertThatThrownBy(() -> reports.retire("fra"))
        .hasMessage("the edge fra reported 3 s ago: stop it first, and retire it after 30 s");
  }

  @Test
  void anEdgeThatIsNotOpenYetReportsNothing() throws IOException {
    assertThat(reports.take(new ByteArrayInputStream(new byte[] {'{', '}'})).isMissingNode())
        .isTrue();
    assertThat(reports.troubles()).isEmpty();
  }

  @Test
  void anEdgeThatIsAwayIsListedUntilItIsRetired() {
    report("fra");
    ticks.addAndGet(Duration.ofDays(3).toNanos());
    report("syd");

    assertThat(reports.figures((_, _) -> 1)).containsOnlyKeys("fra", "syd");
    assertThat(reports.troubles())
        .containsEntry("fra", "no report for 259200 s")
        .containsEntry("syd", "");
  }

  @Test
  void aFullListForgetsTheEdgeThatWasAwayForLongest() {
    for (int i = 0; i < 1000; i++) {
      report("edge" + i);
      ticks.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    report("another");

    assertThat(reports.figures((_, _) -> 1))
        .hasSize(1000)
        .containsKeys("another", "edge1")
        .doesNotContainKey("edge0");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    report("fra");

    assertThatThrownBy(() -> reports.retire("frankfurt"))
        .hasMessage("no edge named \"frankfurt\" has reported here; known edges: fra");
  }
}
