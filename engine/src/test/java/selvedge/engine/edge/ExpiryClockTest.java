package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/** What a wrong clock hides and what it frees, at an origin and at an edge. */
final class ExpiryClockTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant FAR_OFF = Instant.parse("2036-01-01T00:00:00Z");
  private static final Key KEY = Key.of("session");
  private static final Limits LIMITS = Limits.of(Profile.OPEN);

  private final SettableClock clock = new SettableClock(NOW);
  private final SettableClock originClock = new SettableClock(NOW);
  private final AtomicLong ticks = new AtomicLong();
  private final MemoryStore store = new MemoryStore(1);

  @BeforeEach
  void put() {
    store.commit(
        List.of(
            new Change(
                new Version(1),
                NOW,
                NamespaceId.SYSTEM,
                new Mutation.Put(
                    KEY,
                    Bytes.utf8("x"),
                    Metadata.NONE,
                    Expiry.at(NOW.plus(Duration.ofHours(10)))))));
  }

  /** Lets true time pass for both clocks. */
  private void pass(Duration span) {
    clock.advance(span);
    originClock.advance(span);
    ticks.addAndGet(span.toNanos());
  }

  private Origin origin() {
    return new Origin(served(), ticks::get, new Random(1), Meter.NONE);
  }

  private Replica edge() {
    return new Replica(
        served(),
        ticks::get,
        new QuietOrigin(store, originClock),
        Selection.EVERYTHING,
        new SilentWatcher());
  }

  private ServedStore served() {
    return new ServedStore(store, store, LIMITS, clock);
  }

  /** Steps all workers often enough for a sweep. */
  private static void work(StoreRole role) {
    for (int i = 0; i < 4; i++) {
      for (Worker worker : role.workers().reversed()) {
        worker.step();
      }
    }
  }

  private boolean isKept() {
    return store.get(NamespaceId.SYSTEM, KEY) instanceof Lookup.Found;
  }

  private static boolean isShown(StoreRole role) {
    return role.system().get(KEY, ReadOptions.PLAIN) instanceof Lookup.Found;
  }

  @Test
  void anOriginWhoseClockJumpsHidesExpiredEntriesAndFreesNothing() {
    Origin origin = origin();
    clock.set(FAR_OFF);
    work(origin);

    assertThat(isShown(origin)).isFalse();
    assertThat(isKept()).isTrue();
    assertThat(origin.clockCheck().doubt().orElseThrow()).contains("jumped by 315532800 s");

    clock.set(NOW);
    work(origin);

    assertThat(isShown(origin)).isTrue();
    assertThat(origin.clockCheck().doubt()).isEmpty();
  }

  @Test
  void anExpiredEntryIsHiddenAtOnceAndFreedAfterTheGrace() {
    Origin origin = origin();
    pass(Duration.ofHours(10).plusMinutes(59));
    work(origin);
    boolean keptWithinTheGrace = isKept();
    boolean shown = isShown(origin);
    pass(Duration.ofMinutes(2));
    work(origin);

    assertThat(shown).isFalse();
    assertThat(keptWithinTheGrace).isTrue();
    assertThat(isKept()).isFalse();
  }

  @Test
  void anOriginThatStartsFarFromItsNewestChangeFreesNothingUntilItsClockIsSet() {
    clock.set(FAR_OFF);
    Origin origin = origin();
    work(origin);
    boolean doubted = origin.clockCheck().doubt().isPresent();
    boolean kept = isKept();
    clock.set(NOW.plusSeconds(30));

    assertThat(doubted).isTrue();
    assertThat(kept).isTrue();
    assertThat(origin.clockCheck().doubt()).isEmpty();
    assertThat(isShown(origin)).isTrue();
  }

  @Test
  void anOperatorMayConfirmTheClock() {
    clock.set(FAR_OFF);
    Origin origin = origin();
    origin.clockCheck().confirm();
    work(origin);

    assertThat(origin.clockCheck().doubt()).isEmpty();
    assertThat(isKept()).isFalse();
  }

  @Test
  void aClockBehindTheNewestChangeIsInDoubt() {
    clock.set(NOW.minus(Duration.ofHours(1)));

    assertThat(origin().clockCheck().doubt()).isPresent();
  }

  @Test
  void anEdgeWhoseClockIsWrongFromTheStartUsesTheTimeOfItsOrigin() {
    clock.set(NOW.plus(Duration.ofDays(5)));
    Replica edge = edge();
    work(edge);

    assertThat(isShown(edge)).isTrue();
    assertThat(isKept()).isTrue();
  }

  @Test
  void anEdgeWhoseClockJumpsFreesNothing() {
    Replica edge = edge();
    work(edge);
    clock.set(FAR_OFF);
    work(edge);

    assertThat(isShown(edge)).isTrue();
    assertThat(isKept()).isTrue();
    assertThat(edge.clockCheck().doubt()).isPresent();
  }

  @Test
  void anEdgeHidesEntriesByItsOriginsWrongClockButFreesNothing() {
    Replica edge = edge();
    originClock.set(FAR_OFF);
    work(edge);

    assertThat(isShown(edge)).isFalse();
    assertThat(isKept()).isTrue();

    originClock.set(NOW);
    work(edge);

    assertThat(isShown(edge)).isTrue();
  }

  @Test
  void anEdgeFreesEntriesThatHaveExpiredByBothClocks() {
    Replica edge = edge();
    work(edge);
    pass(Duration.ofHours(12));
    work(edge);

    assertThat(isKept()).isFalse();
  }

  @Test
  void anEdgeWithoutContactToItsOriginFreesNothing() {
    Replica edge = edge();
    pass(Duration.ofHours(12));
    edge.workers().getFirst().step();
    edge.workers().getFirst().step();

    assertThat(isKept()).isTrue();
  }
}
