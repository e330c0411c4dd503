package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

@Timeout(30)
final class ElectionTest {
  private static final Duration LEASE = Duration.ofSeconds(9);

  private final Fixture at = new Fixture();

  private Election candidate(Namespace namespace) {
    return new Election(new Locks(namespace, "lock/", new Random(1), at.clock), "scheduler", LEASE);
  }

  @Test
  void oneCandidateLeadsAndAnotherOneFollowsWhenItsLeaseEnds() {
    Election one = candidate(at.namespace);
    Election other = candidate(at.namespace);
    one.step();
    other.step();
    assertThat(one.isLeader()).isTrue();
    assertThat(other.isLeader()).isFalse();
    Version fence = one.lease().orElseThrow().fence();
    for (int i = 0; i < 5; i++) {
      at.clock.advance(Duration.ofSeconds(6));
      one.step();
      other.step();
      assertThat(one.lease().orElseThrow().fence()).isEqualTo(fence);
      assertThat(other.isLeader()).isFalse();
    }
    at.clock.advance(LEASE);
    assertThat(one.isLeader()).isFalse();
    other.step();
    one.step();
    assertThat(one.isLeader()).isFalse();
    assertThat(other.lease().orElseThrow().fence()).isGreaterThan(fence);
  }

  @Test
  void aLeaderThatCannotRenewStopsLeadingWhenItsLeaseEndsAndTriesAgain() {
    var broken = new AtomicBoolean();
    Election candidate =
        candidate(
            new WrappedNamespace(at.namespace) {
              @Override
              public Outcome put(Key key, Value value, WriteOptions options) {
                if (broken.get()) {
                  throw new OverloadedException("the line is cut");
                }
                return super.put(key, value, options);
              }
            });
    candidate.step();
    broken.set(true);
    at.clock.advance(LEASE.minusSeconds(1));
    candidate.step();
    assertThat(candidate.isLeader()).isTrue();
    at.clock.advance(Duration.ofSeconds(1));
    candidate.step();
    assertThat(candidate.isLeader()).isFalse();
    broken.set(false);
    candidate.step();
    assertThat(candidate.isLeader()).isTrue();
  }

  @Test
  void aLeaderThatLeavesResigns() {
    var locks = new Locks(at.namespace, "lock/", new Random(1), at.clock);
    try (Election leader = Election.join(locks, "scheduler", LEASE)) {
      while (!leader.isLeader()) {
        Thread.onSpinWait();
      }
      assertThat(locks.tryAcquire("scheduler", LEASE)).isEmpty();
    }
    assertThat(locks.tryAcquire("scheduler", LEASE)).isPresent();
  }
}
