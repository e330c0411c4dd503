package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.patterns.Analytics.Count;
import selvedge.patterns.Analytics.Draft;
import selvedge.patterns.Analytics.Event;
import selvedge.patterns.Analytics.Ranked;

final class AnalyticsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  private final Fixture at = new Fixture();
  private final Analytics analytics =
      new Analytics(at.namespace, "count/", Duration.ofDays(30), new Random(1), at.clock);

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
    at.clock.advance(Duration.ofDays(1));
    analytics.record("page/18", 2);
    assertThat(analytics.top(DAY, DAY.plusDays(2), 1)).containsExactly(new Ranked("page/18", 20));
  }

  @Test
  void keepsEventsWithTheirDetailsBesideTheCounts() {
    Instant start = at.clock.instant();
    Event one = analytics.record(Draft.of("buy", "alice", Bytes.utf8("a book")));
    at.clock.advance(Duration.ofMinutes(1));
    Event two =
        analytics.record(
            new Draft("buy", "bob", Bytes.utf8("a pen"), "order-7", Duration.ofHours(1)));
    analytics.record(Draft.of("buy/now", "eve", Bytes.EMPTY));
    assertThat(one.id()).hasSize(32);
    assertThat(two)
        .isEqualTo(new Event("buy", "order-7", at.clock.instant(), "bob", Bytes.utf8("a pen")));
    assertThat(analytics.events("buy", start, start.plusSeconds(61))).containsExactly(one, two);
    assertThat(analytics.events("buy", start, start.plusSeconds(60))).containsExactly(one);
    assertThat(analytics.events("buy", Instant.MIN, Instant.MAX)).containsExactly(one, two);
    assertThat(analytics.events("buy", Instant.MAX, Instant.MAX)).isEmpty();
    assertThat(analytics.events("buy", start.plusSeconds(1), Instant.MAX)).containsExactly(two);
    assertThat(analytics.daily("buy", DAY, DAY.plusDays(1)))
        .extracting(Count::count)
        .containsExactly(2L);
    at.clock.advance(Duration.ofHours(1));
    assertThat(analytics.events("buy", start, Instant.MAX)).containsExactly(one);
  }

  @Test
  void readsEventsPageByPage() {
    for (int i = 0; i < 350; i++) {
      analytics.record(Draft.of("buy", "u" + i, Bytes.EMPTY));
    }
    Instant now = at.clock.instant();
    assertThat(analytics.events("buy", now, now.plusSeconds(1)).map(Event::user))
        .hasSize(350)
        .doesNotHaveDuplicates();
  }
}
