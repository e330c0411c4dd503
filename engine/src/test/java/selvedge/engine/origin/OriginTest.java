package selvedge.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Store;
import selvedge.model.AccountId;
import selvedge.model.Change;
import selvedge.model.Limits;
import selvedge.model.NamespaceMode;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

final class OriginTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Version ELSEWHERE = new Version(5000);
  private static final Duration WEEK = Duration.ofDays(7);

  private final MemoryStore memory = new MemoryStore(7);
  private boolean full;
  private final Store store =
      new ForwardingStore() {
        @Override
        public Store delegate() {
          return memory;
        }

        @Override
        public void commit(List<Change> changes) {
          if (full) {
            throw new StorageFullException("the disk is full");
          }
          memory.commit(changes);
        }
      };
  private final SettableClock clock = new SettableClock(START);
  private final Origin origin = start();

  private Origin start() {
    return new Origin(
        new ServedStore(store, memory, Limits.of(Profile.OPEN), clock),
        () -> 0,
        new Random(1),
        Meter.NONE);
  }

  @Test
  void beginsAtMostOneLineage() {
    assertThat(origin.beginLineage(origin.latest(), ELSEWHERE)).isEqualTo(Origin.Claim.BEGUN);
    long epoch = origin.epoch();
    Version latest = origin.latest();

    assertThat(origin.beginLineage(latest, new Version(latest.number() + 10)))
        .isEqualTo(Origin.Claim.BEGUN_BEFORE);
    assertThat(epoch).isNotEqualTo(7);
    assertThat(latest.number()).isGreaterThan(ELSEWHERE.number() + (1L << 32));
    assertThat(origin.epoch()).isEqualTo(epoch);
    assertThat(origin.latest()).isEqualTo(latest);
  }

  @Test
  void aLineageThatCouldNotBeWrittenIsBegunByTheNextClaim() {
    full = true;
    assertThatThrownBy(() -> origin.beginLineage(origin.latest(), ELSEWHERE))
        .isInstanceOf(StorageFullException.class);
    full = false;

    assertThat(origin.beginLineage(origin.latest(), ELSEWHERE)).isEqualTo(Origin.Claim.BEGUN);
    assertThat(origin.epoch()).isNotEqualTo(7);
  }

  private static void refuses(Origin origin, Version elsewhere) {
    assertThat(origin.beginLineage(origin.latest(), elsewhere)).isEqualTo(Origin.Claim.IMPOSSIBLE);
  }

  /** Otherwise one request could use up the numbers of all later lineages. */
  @Test
  void aClaimOfMoreChangesThanArePossibleBeginsNoLineage() {
    Version before = origin.latest();

    refuses(origin, new Version((1L << 53) - (1L << 33)));
    refuses(origin, new Version(Long.MAX_VALUE));
    refuses(origin, NewLineage.start(before, START, START));

    assertThat(origin.epoch()).isEqualTo(7);
    assertThat(origin.latest()).isEqualTo(before);
    assertThat(origin.beginLineage(before, ELSEWHERE)).isEqualTo(Origin.Claim.BEGUN);
  }

  @Test
  void aClaimIsComparedWithTheTimeSinceTheLastChangeBeforeTheStart() {
    clock.set(START.plus(WEEK));
    Version last = origin.latest();
    Origin again = start();
    Version first = NewLineage.start(last, START, clock.instant());

    refuses(again, first);
    assertThat(again.beginLineage(last, new Version(first.number() - 1)))
        .isEqualTo(Origin.Claim.BEGUN);
  }

  @Test
  void aClockThatWasSetBackShortensNoTimeThatAChangeProves() {
    Version last = origin.latest();
    Origin again = start();
    clock.set(START.plus(WEEK));
    again.create(new AccountId("1".repeat(32)), "title", NamespaceMode.UNSET);
    clock.set(START);
    Version first = NewLineage.start(last, START, START.plus(WEEK));

    assertThat(again.beginLineage(last, new Version(first.number() - 1)))
        .isEqualTo(Origin.Claim.BEGUN);
  }
}
