package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;

final class LocksTest {
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final Fixture at = new Fixture();
  private final Locks locks = new Locks(at.namespace, "lock/");

  @Test
  void oneHolderHasTheLock() throws InterruptedException {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var done = new AtomicInteger();
    Crowd.of(
        16,
        () ->
            locks.withLock(
                "job",
                LEASE,
                Duration.ofSeconds(30),
                lease -> {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  inside.decrementAndGet();
                  return done.incrementAndGet();
                }));
    assertThat(most).hasValue(1);
    assertThat(done).hasValue(16);
  }

  @Test
  void aRenewedLeaseContinuesAndAnotherOneEnds() {
    Lease first = locks.tryAcquire("job", LEASE).orElseThrow();
    assertThat(locks.tryAcquire("job", LEASE)).isEmpty();
    at.clock.advance(Duration.ofSeconds(6));
    Lease renewed = locks.renew(first, LEASE).orElseThrow();
    at.clock.advance(Duration.ofSeconds(6));
    assertThat(locks.tryAcquire("job", LEASE)).isEmpty();
    assertThat(renewed.fence()).isEqualTo(first.fence());
    at.clock.advance(Duration.ofSeconds(4));
    Lease second = locks.tryAcquire("job", LEASE).orElseThrow();
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(locks.renew(renewed, LEASE)).isEmpty();
    assertThat(locks.release(renewed)).isFalse();
    assertThat(locks.tryAcquire("job", LEASE)).isEmpty();
    assertThat(locks.release(second)).isTrue();
    assertThat(locks.tryAcquire("job", LEASE)).isPresent();
  }

  @Test
  void aHolderPausedBeyondItsLeaseCannotWrite() {
    var guarded = new Locks.Guarded(at.namespace, Key.of("account"));
    Lease paused = locks.tryAcquire("job", LEASE).orElseThrow();
    assertThat(guarded.write(paused, Bytes.utf8("one"))).isTrue();
    at.clock.advance(LEASE);
    Lease next = locks.tryAcquire("job", LEASE).orElseThrow();
    assertThat(next.fence()).isNotEqualTo(paused.fence());
    assertThat(guarded.write(next, Bytes.utf8("two"))).isTrue();
    assertThat(guarded.write(paused, Bytes.utf8("late"))).isFalse();
    assertThat(at.namespace.getText("account")).contains("two");
  }

  @Test
  void aLockWithoutFenceAndOwnerIsReleasedByAPausedHolder() {
    at.namespace.put("naive", "paused");
    at.clock.advance(LEASE);
    at.namespace.put("naive", "next");
    at.namespace.put("account", "two");
    at.namespace.put("account", "late");
    at.namespace.delete("naive");
    assertThat(at.namespace.getText("account")).contains("late");
    assertThat(at.namespace.getText("naive")).isEmpty();
  }

  @Test
  void acquireReturnsEmptyAfterItsPatience() {
    locks.tryAcquire("job", LEASE);
    Optional<Lease> none = locks.acquire("job", LEASE, Duration.ofMillis(30));
    assertThat(none).isEmpty();
  }

  /** Fails every delete. */
  private static final class NoDeletes extends WrappedNamespace {
    NoDeletes(Namespace namespace) {
      super(namespace);
    }

    @Override
    public Outcome delete(Key key, Condition condition) {
      throw new OverloadedException("the line is cut");
    }
  }

  @Test
  void aFailingReleaseHidesNeitherResultNorException() {
    var unreliable = new Locks(new NoDeletes(at.namespace), "lock/");
    assertThat(unreliable.withLock("a", LEASE, Duration.ZERO, lease -> "done")).contains("done");
    assertThatThrownBy(
            () ->
                unreliable.withLock(
                    "b",
                    LEASE,
                    Duration.ZERO,
                    lease -> {
                      throw new IllegalStateException("the work failed");
                    }))
        .hasMessage("the work failed");
  }

  @Test
  @SuppressWarnings("NullAway")
  void workThatReturnsNullIsRefusedWithAMessageAndTheLockIsFree() {
    assertThatThrownBy(() -> locks.withLock("job", LEASE, Duration.ZERO, lease -> null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("must not return null");
    assertThat(locks.tryAcquire("job", LEASE)).isPresent();
  }

  @Test
  void workThatOverrunsItsLeaseFails() {
    assertThatThrownBy(
            () ->
                locks.withLock(
                    "job",
                    LEASE,
                    Duration.ZERO,
                    lease -> {
                      at.clock.advance(LEASE.plusSeconds(1));
                      return "late";
                    }))
        .hasMessageContaining("lost");
  }

  @Test
  void workMayRenewItsLease() {
    assertThat(
            locks.withLock(
                "job",
                LEASE,
                Duration.ZERO,
                lease -> {
                  at.clock.advance(Duration.ofSeconds(6));
                  Lease renewed = locks.renew(lease, LEASE).orElseThrow();
                  at.clock.advance(Duration.ofSeconds(6));
                  locks.requireHeld(lease);
                  return renewed.version();
                }))
        .isPresent();
    assertThat(locks.tryAcquire("job", LEASE)).isPresent();
  }

  @Test
  void aLeaseReportsItsEndAndItsLoss() {
    var clocked = new Locks(at.namespace, "lock/", new Random(1), at.clock);
    Lease lease = clocked.tryAcquire("job", LEASE).orElseThrow();
    assertThat(lease.until()).isEqualTo(at.clock.instant().plus(LEASE));
    clocked.requireHeld(lease);
    at.clock.advance(LEASE);
    assertThatThrownBy(() -> clocked.requireHeld(lease)).isInstanceOf(LeaseLostException.class);
    clocked.tryAcquire("job", LEASE);
    assertThatThrownBy(() -> clocked.requireHeld(lease)).isInstanceOf(LeaseLostException.class);
  }
}
