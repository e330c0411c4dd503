package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Change;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/** A replica that receives the changes of a promotion over a line that breaks off at every byte. */
final class BrokenPromotionTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Limits LIMITS = Limits.of(Profile.OPEN);

  private final SettableClock clock = new SettableClock(NOW);
  private final Random random = new Random(1);
  @TempDir private Path folder;

  @Test
  void aNewLineageIsTakenWholeOrNotAtAll() {
    try (RocksStore origin = RocksStore.open(folder.resolve("origin"), LIMITS, clock, random)) {
      long oldEpoch = origin.epoch();
      NewLineage.open(origin, NOW, random);
      var replica = new MemoryStore(oldEpoch);
      follow(replica, new CutSource(origin, Integer.MAX_VALUE));
      Version before = replica.latest();
      NewLineage.begin(origin, NOW, random);
      NewLineage.open(origin, NOW, random);

      for (int bytes = 0; replica.latest().compareTo(origin.latest()) < 0; bytes++) {
        follow(replica, new CutSource(origin, bytes));
        boolean isOld = replica.latest().equals(before);
        assertThat(replica.epoch()).isEqualTo(isOld ? oldEpoch : origin.epoch());
        assertThat(Descent.of(replica).has(oldEpoch, before.next())).isFalse();
      }
    }
  }

  /** A store whose disk fails once when it is to take an epoch. */
  private record Failing(MemoryStore delegate, AtomicInteger failures) implements ForwardingStore {
    @Override
    public void adopt(long epoch) {
      if (failures.getAndDecrement() > 0) {
        throw new StorageFullException("the disk is full");
      }
      delegate.adopt(epoch);
    }

    @Override
    public void commit(List<Change> changes) {
      delegate.commit(changes);
    }

    @Override
    public Pending begin(List<Change> changes) {
      return delegate.begin(changes);
    }
  }

  @Test
  void theEpochOfANewLineageIsTakenAgainAfterAFullDisk() {
    try (RocksStore origin = RocksStore.open(folder.resolve("origin"), LIMITS, clock, random)) {
      NewLineage.open(origin, NOW, random);
      long oldEpoch = origin.epoch();
      NewLineage.begin(origin, NOW, random);
      for (int steps = 2; steps <= 3; steps++) {
        var replica = new MemoryStore(oldEpoch);
        var failures = new AtomicInteger(1);
        var source = new CutSource(origin, Integer.MAX_VALUE);

        follow(new Failing(replica, failures), replica, source, steps);

        assertThat(replica.latest()).isEqualTo(origin.latest());
        assertThat(Descent.of(replica).epoch()).isEqualTo(origin.epoch());
        assertThat(replica.epoch()).isEqualTo(steps == 2 ? oldEpoch : origin.epoch());
      }
    }
  }

  private void follow(MemoryStore replica, CutSource source) {
    follow(replica, replica, source, 3);
  }

  private void follow(Store store, MemoryStore replica, CutSource source, int steps) {
    var edge =
        new Replica(
            new ServedStore(store, replica, LIMITS, clock),
            () -> 0,
            source,
            Selection.EVERYTHING,
            new SilentWatcher());
    for (int step = 0; step < steps; step++) {
      edge.workers().getFirst().step();
    }
    edge.close();
  }
}
