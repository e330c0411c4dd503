package selvedge.engine.namespace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.testing.SettableClock;

final class ClockCheckTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Limits LIMITS =
      Limits.of(Profile.OPEN).with(Limit.CLOCK_GAP_SECONDS, 7 * 86_400);

  private final SettableClock clock = new SettableClock(START);
  private final AtomicLong ticks = new AtomicLong();

  private ClockCheck since(Instant earlier) {
    return new ClockCheck(clock, ticks::get, earlier, LIMITS);
  }

  private void pass(Duration time) {
    clock.advance(time);
    ticks.addAndGet(time.toNanos());
  }

  @Test
  void trustsAClockThatGoesOnWithTheMonotonicOne() {
    ClockCheck check = since(START);
    pass(Duration.ofDays(400));
    clock.advance(Duration.ofSeconds(59));
    assertThat(check.isTrusted()).isTrue();
  }

  @Test
  void doubtsAJumpUntilTheClockIsPutRight() {
    ClockCheck check = since(START);
    clock.advance(Duration.ofDays(3650));
    assertThat(check.doubt().orElseThrow()).contains("has jumped by 315360000 s");

    pass(Duration.ofMinutes(30));
    assertThat(check.isTrusted()).isFalse();

    clock.advance(Duration.ofDays(-3650));
    assertThat(check.isTrusted()).isTrue();
  }

  @Test
  void theTrustedTimeGoesOnWithoutADoubtfulClock() {
    ClockCheck check = since(START);
    clock.advance(Duration.ofDays(3650));
    pass(Duration.ofMinutes(30));
    assertThat(check.trustedAt()).isEqualTo(START.plus(Duration.ofMinutes(30)));

    ClockCheck wrongAtTheStart = since(START);
    pass(Duration.ofMinutes(30));
    assertThat(wrongAtTheStart.trustedAt()).isEqualTo(START);
  }

  @Test
  void anOperatorConfirmsAClockThatHasJumped() {
    ClockCheck check = since(START);
    clock.advance(Duration.ofHours(-2));
    assertThat(check.isTrusted()).isFalse();

    check.confirm();
    pass(Duration.ofDays(1));

    assertThat(check.isTrusted()).isTrue();
  }

  @Test
  void doubtsAClockThatIsFarFromTheLastTrustedTimeAtTheStart() {
    assertThat(since(START.plusSeconds(61)).isTrusted()).as("behind it").isFalse();
    assertThat(since(START.plusSeconds(59)).isTrusted()).isTrue();
    assertThat(since(START.minus(Duration.ofDays(8))).isTrusted()).as("after it").isFalse();
    assertThat(since(START.minus(Duration.ofDays(6))).isTrusted()).isTrue();
    assertThat(since(Instant.EPOCH).isTrusted()).as("a new store").isTrue();
  }

  @Test
  void trustsAClockThatWasWrongAtTheStartOnceItIsPutRight() {
    clock.advance(Duration.ofDays(3650));
    ClockCheck check = since(START);
    pass(Duration.ofMinutes(10));
    assertThat(check.doubt().orElseThrow()).contains("the clock showed");

    clock.advance(Duration.ofDays(-3650));

    assertThat(check.isTrusted()).isTrue();
  }
}
