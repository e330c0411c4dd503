package selvedge.engine.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Store;
import selvedge.model.Change;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

final class OriginTest {
  private static final Version ELSEWHERE = new Version(5000);

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
  private final Origin origin =
      new Origin(
          new ServedStore(
              store,
              memory,
              Limits.of(Profile.OPEN),
              new SettableClock(Instant.parse("2026-01-01T00:00:00Z"))),
          () -> 0,
          new Random(1),
          Meter.NONE);

  @Test
  void beginsAtMostOneLineage() {
    assertThat(origin.beginLineage(origin.latest(), ELSEWHERE)).isTrue();
    long epoch = origin.epoch();
    Version latest = origin.latest();

    assertThat(origin.beginLineage(latest, new Version(latest.number() + 10))).isFalse();
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

    assertThat(origin.beginLineage(origin.latest(), ELSEWHERE)).isTrue();
    assertThat(origin.epoch()).isNotEqualTo(7);
  }
}
