package selvedge.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.testing.SettableClock;

/** What an origin that starts again thinks of a clock that was wrong before. */
final class TrustedClockTest {
  private static final Limits LIMITS = Limits.of(Profile.OPEN);
  private static final Duration TEN_YEARS = Duration.ofDays(3650);

  @TempDir Path folder;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicLong ticks = new AtomicLong();

  private RocksStore open() {
    return RocksStore.open(folder, LIMITS, clock, new Random(1));
  }

  private Origin origin(RocksStore store) {
    var served = new ServedStore(store, store, LIMITS, clock);
    return new Origin(served, ticks::get, new Random(2), Meter.NONE);
  }

  /** Writes as an origin does, and returns whether it trusts the clock. */
  private boolean write() {
    try (RocksStore store = open()) {
      Origin origin = origin(store);
      boolean trusted = origin.clockCheck().isTrusted();
      put(store);
      return trusted;
    }
  }

  private void put(RocksStore store) {
    var put = new Mutation.Put(Key.of("k"), Bytes.EMPTY, Metadata.NONE, Expiry.NEVER);
    store.commit(
        List.of(
            new Change(
                store.latest().next(), clock.instant(), new NamespaceId("1".repeat(32)), put)));
  }

  @Test
  void aClockThatJumpsDoesNotVouchForItself() {
    try (RocksStore store = open()) {
      Origin origin = origin(store);
      clock.advance(TEN_YEARS);
      put(store);
      assertThat(origin.clockCheck().isTrusted()).isFalse();
    }

    assertThat(write()).isFalse();
    assertThat(write()).as("once more").isFalse();
    clock.advance(TEN_YEARS.negated());
    assertThat(write()).as("put right").isTrue();
  }

  @Test
  void aClockThatWasPutRightIsTrustedAtEveryLaterStart() {
    try (RocksStore store = open()) {
      Origin origin = origin(store);
      clock.advance(TEN_YEARS);
      put(store);
      clock.advance(TEN_YEARS.negated());
      assertThat(origin.clockCheck().isTrusted()).isTrue();
    }

    assertThat(write()).isTrue();
    assertThat(write()).isTrue();
  }

  /** A store of an earlier version has no record of a trusted time. */
  @Test
  void aPromotionDoesNotVouchForTheClock() {
    try (RocksStore store = open()) {
      put(store);
      clock.advance(TEN_YEARS);
      NewLineage.begin(store, clock.instant(), new Random(3));
    }

    assertThat(write()).isFalse();
  }

  @Test
  void aLongPauseIsDoubtedUntilAnOperatorConfirmsTheClock() {
    write();
    clock.advance(Duration.ofDays(30));
    try (RocksStore store = open()) {
      Origin origin = origin(store);
      assertThat(origin.clockCheck().isTrusted()).isFalse();
      origin.clockCheck().confirm();
      origin.clockCheck().record(store);
    }

    assertThat(write()).isTrue();
  }
}
