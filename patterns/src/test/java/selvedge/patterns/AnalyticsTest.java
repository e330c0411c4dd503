package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import selvedge.patterns.Analytics.Count;
import selvedge.patterns.Analytics.Ranked;

final class AnalyticsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  private final Fixture at = new Fixture();
  private final Analytics analytics =
      new Analytics(at.namespace, "count/", Duration.ofDays(30), at.clock);

  @Test
  void concurrentCountsAreExact() throws InterruptedException {
    Crowd.of(
        Crowd.SIZE,
        () -> {
          for (int i = 0; i < 20; i++) {
            analytics.record("view");
          }
          return true;
        });
    assertThat(analytics.daily("view", DAY, DAY.plusDays(1)))
        .containsExactly(new Count(Instant.parse("2026-01-01T00:00:00Z"), 1280));
  }

  @Test
  void returnsCountsByHourAndByDay() {
    analytics.record("view", 3);
    at.clock.advance(Duration.ofHours(2));
    analytics.record("view", 5);
    at.clock.advance(Duration.ofDays(1));
    analytics.record("view", 7);

    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    assertThat(analytics.hourly("view", noon, noon.plusSeconds(3 * 3600)))
        .extracting(Count::count)
        .containsExactly(3L, 0L, 5L);
    assertThat(analytics.daily("view", DAY, DAY.plusDays(3)))
        .extracting(Count::count)
        .containsExactly(8L, 7L, 0L);
    at.clock.advance(Duration.ofDays(31));
    assertThat(at.namespace.keys("count/")).isEmpty();
  }

  @Test
  void ranksTheMostFrequentEventsFirst() {
    for (int i = 0; i < 20; i++) {
      analytics.record("page/" + i, i);
    }
    assertThat(analytics.top(DAY, 2))
        .containsExactly(new Ranked("page/19", 19), new Ranked("page/18", 18));
    assertThat(analytics.top(DAY.plusDays(1), 2)).isEmpty();
  }
}
