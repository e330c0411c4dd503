package selvedge.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

final class NewLineageTest {
  private static final Instant CHANGED = Instant.parse("2026-11-21T12:00:00Z");
  private static final Version LAST = new Version(1000);

  private static long leap(Duration since) {
    return NewLineage.start(LAST, CHANGED, CHANGED.plus(since)).number() - LAST.number();
  }

  @Test
  void leapsFartherTheLongerAgoTheLastChangeIs() {
    assertThat(leap(Duration.ZERO)).isEqualTo(1L << 32);
    assertThat(leap(Duration.ofSeconds(1))).isEqualTo((1L << 32) + (1L << 17));
    assertThat(leap(Duration.ofDays(365))).isEqualTo((1L << 32) + 365 * 86_400 * (1L << 17));
  }

  @Test
  void leapsAsUsualWhereTheClockIsBehindTheLastChange() {
    assertThat(leap(Duration.ofDays(-365))).isEqualTo(1L << 32);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 40, 1L << 52, (1L << 53) - (1L << 33)})
  void staysBelowTheLargestVersion(long last) {
    Version first = NewLineage.start(new Version(last), Instant.EPOCH, Instant.MAX);

    assertThat(first.number()).isGreaterThanOrEqualTo(last + (1L << 32)).isLessThan(1L << 53);
  }

  @Test
  void refusesWhereNoRoomIsLeft() {
    assertThatThrownBy(
            () -> NewLineage.start(new Version((1L << 53) - (1L << 32)), CHANGED, CHANGED))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("leaves no room below 2^53");
  }
}
