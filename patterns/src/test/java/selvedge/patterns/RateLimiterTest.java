package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Codec;
import selvedge.model.Counted;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.WriteOptions;

final class RateLimiterTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Fixture at = new Fixture();

  private RateLimiter limiter(String kind) {
    return switch (kind) {
      case "fixed" -> new FixedWindow(at.namespace, "limit/", 100, MINUTE, at.clock);
      case "sliding" -> new SlidingWindow(at.namespace, "limit/", 100, MINUTE, at.clock);
      default -> new TokenBucket(at.namespace, "limit/", 100, Duration.ofMillis(600), at.clock);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "sliding", "bucket"})
  void concurrentRequestsTakeExactlyTheLimit(String kind) throws InterruptedException {
    RateLimiter limiter = limiter(kind);
    List<Integer> allowed =
        Crowd.of(
            Crowd.SIZE,
            () -> {
              int through = 0;
              for (int i = 0; i < 5; i++) {
                through += limiter.tryAcquire("alice").allowed() ? 1 : 0;
              }
              return through;
            });
    assertThat(allowed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    assertThat(limiter.tryAcquire("bob").allowed()).isTrue();
  }

  /** A limiter that reads a number and writes it back without a condition. */
  private record Naive(Namespace namespace, CyclicBarrier both) {
    boolean tryAcquire() throws Exception {
      long used = namespace.get("naive", Codec.NUMBER).orElse(0L);
      both.await();
      namespace.put("naive", used + 1, Codec.NUMBER, WriteOptions.PLAIN);
      return used < 1;
    }
  }

  @Test
  void aNaiveLimiterAllowsMoreThanItsLimit() throws InterruptedException {
    var naive = new Naive(at.namespace, new CyclicBarrier(2));
    assertThat(Crowd.of(2, naive::tryAcquire)).containsExactly(true, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "sliding", "bucket"})
  void aRefusalNamesTheTimeAtWhichTheRequestIsAllowed(String kind) {
    RateLimiter limiter = limiter(kind);
    assertThat(limiter.tryAcquire("alice", 100).allowed()).isTrue();
    RateLimiter.Decision refused = limiter.tryAcquire("alice");
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.remaining()).isZero();
    assertThat(refused.headers(at.clock.instant()))
        .containsEntry("RateLimit-Limit", "100")
        .containsEntry("RateLimit-Remaining", "0")
        .containsKey("Retry-After");
    at.clock.set(refused.reset());
    assertThat(limiter.tryAcquire("alice").allowed()).isTrue();
  }

  @Test
  void aSlidingWindowLimitsEverySpan() {
    RateLimiter sliding = limiter("sliding");
    RateLimiter fixed = limiter("fixed");
    at.clock.advance(Duration.ofSeconds(59));
    assertThat(sliding.tryAcquire("a", 100).allowed()).isTrue();
    assertThat(fixed.tryAcquire("b", 100).allowed()).isTrue();
    at.clock.advance(Duration.ofSeconds(2));
    assertThat(fixed.tryAcquire("b", 100).allowed()).isTrue();
    assertThat(sliding.tryAcquire("a").allowed()).isFalse();
  }

  @Test
  void aBucketRefillsAtItsRate() {
    RateLimiter bucket = limiter("bucket");
    bucket.tryAcquire("a", 100);
    at.clock.advance(Duration.ofMillis(600 * 7 + 300));
    assertThat(bucket.tryAcquire("a", 8).allowed()).isFalse();
    assertThat(bucket.tryAcquire("a", 7).remaining()).isZero();
    at.clock.advance(Duration.ofMillis(300));
    assertThat(bucket.tryAcquire("a").allowed()).isTrue();
  }

  @Test
  void aRefusedRequestTakesNoPermits() {
    RateLimiter fixed = limiter("fixed");
    assertThat(fixed.tryAcquire("a", 90).remaining()).isEqualTo(10);
    assertThat(fixed.tryAcquire("a", 20).allowed()).isFalse();
    assertThat(fixed.tryAcquire("a", 10).allowed()).isTrue();
  }

  @Test
  void refusesLimitsAndSpansOutsideTheirBounds() {
    assertThatThrownBy(() -> new FixedWindow(at.namespace, "", 0, MINUTE, at.clock))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new TokenBucket(at.namespace, "", 1, Duration.ZERO, at.clock))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aFixedWindowTakesNothingForARefusedRequest() {
    RateLimiter fixed = limiter("fixed");
    assertThat(fixed.tryAcquire("a", 150).allowed()).isFalse();
    assertThat(fixed.tryAcquire("a", 100).allowed()).isTrue();
    assertThat(fixed.tryAcquire("a", 50).allowed()).isFalse();
    assertThat(fixed.tryAcquire("a").allowed()).isFalse();
  }

  @Test
  void concurrentRequestsForSeveralPermitsTakeExactlyTheLimit() throws InterruptedException {
    RateLimiter fixed = limiter("fixed");
    List<Boolean> allowed = Crowd.of(Crowd.SIZE, () -> fixed.tryAcquire("a", 30).allowed());
    assertThat(allowed).filteredOn(one -> one).hasSize(3);
    assertThat(fixed.tryAcquire("a", 10).allowed()).isTrue();
    assertThat(fixed.tryAcquire("a").allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "sliding", "bucket"})
  void aCountThatIsNotPositiveIsRefusedAndRefundsNothing(String kind) {
    RateLimiter limiter = limiter(kind);
    limiter.tryAcquire("a", 100);
    for (long count : new long[] {0, -1, -50, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> limiter.tryAcquire("a", count))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("at least 1");
    }
    assertThat(limiter.tryAcquire("a").allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "sliding", "bucket"})
  void aCountAboveTheLimitIsRefusedAndTakesNothing(String kind) {
    RateLimiter limiter = limiter(kind);
    assertThat(limiter.tryAcquire("a", Long.MAX_VALUE).allowed()).isFalse();
    assertThat(limiter.tryAcquire("a", 101).allowed()).isFalse();
    assertThat(limiter.tryAcquire("a", 100).allowed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "sliding", "bucket"})
  void afterTheTimeOfResetTheSameCountIsAllowed(String kind) {
    RateLimiter limiter = limiter(kind);
    limiter.tryAcquire("a", 60);
    at.clock.advance(Duration.ofSeconds(3));
    limiter.tryAcquire("a", limiter.tryAcquire("a").remaining());
    RateLimiter.Decision refused = limiter.tryAcquire("a", 70);
    assertThat(refused.allowed()).isFalse();
    at.clock.set(refused.reset());
    assertThat(limiter.tryAcquire("a", 70).allowed()).isTrue();
  }

  /** Runs another request between a refusal and the return of its permits. */
  private final class Interleaved extends WrappedNamespace {
    Interleaved(Namespace namespace) {
      super(namespace);
    }

    @Override
    public Counted increment(Key key, long amount, WriteOptions options) {
      if (amount < 0) {
        limiter("fixed").tryAcquire("a", 20);
      }
      return super.increment(key, amount, options);
    }
  }

  @Test
  void aRefusedRequestBesideAnotherOneTakesNothing() {
    var fixed = new FixedWindow(new Interleaved(at.namespace), "limit/", 100, MINUTE, at.clock);
    assertThat(fixed.tryAcquire("a", 90).allowed()).isTrue();
    assertThat(fixed.tryAcquire("a", 20).allowed()).isFalse();
    assertThat(fixed.tryAcquire("a", 10).allowed()).isTrue();
  }
}
