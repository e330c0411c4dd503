package selvedge.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConditionsTest {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> edges = new TreeMap<>();
  private Optional<String> reason = Optional.empty();
  private Duration now = Duration.ZERO;
  private final Conditions conditions =
      new Conditions(
          List.of(new Conditions.Condition(() -> reason, "the clock is trusted again")),
          () -> edges,
          () -> now.toNanos(),
          (trouble, line) -> lines.add((trouble ? "warn " : "info ") + line));

  private void step() {
    now = now.plus(conditions.step());
  }

  @Test
  void aConditionIsLoggedWhenItBeginsAndWhenItEnds() {
    step();
    reason = Optional.of("the clock has jumped by 7200 s");
    step();
    reason = Optional.of("the clock has jumped by 7201 s");
    step();
    reason = Optional.empty();
    step();
    step();

    assertThat(lines)
        .containsExactly("warn the clock has jumped by 7200 s", "info the clock is trusted again");
  }

  @Test
  void aConditionThatChangesAllTheTimeIsLoggedAFewTimesInAMinute() {
    while (now.toMinutes() < 10) {
      reason = reason.isEmpty() ? Optional.of("the clock has jumped") : Optional.empty();
      step();
    }

    assertThat(lines).hasSizeBetween(10, 70);
  }

  @Test
  void edgesThatComeAndGoAreNamed() {
    edges.put("fra", "");
    step();
    edges.put("syd", "");
    step();
    step();
    edges.put("fra", "no report for 30 s");
    step();
    edges.put("fra", "no report for 31 s");
    step();
    edges.put("fra", "");
    step();
    edges.remove("syd");
    step();
    edges.put("syd", "");
    step();

    assertThat(lines)
        .containsExactly(
            "info the edge fra follows this server",
            "info the edge syd follows this server",
            "warn the edge fra does not follow this server: no report for 30 s",
            "info the edge fra follows this server",
            "info the edge syd follows this server");
  }
}
