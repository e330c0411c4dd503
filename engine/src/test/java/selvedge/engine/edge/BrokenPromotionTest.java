package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Limits;
import selvedge.model.Profile;
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

  private void follow(MemoryStore replica, CutSource source) {
    var edge =
        new Replica(
            new ServedStore(replica, replica, LIMITS, clock),
            () -> 0,
            source,
            Selection.EVERYTHING,
            new SilentWatcher());
    for (int step = 0; step < 3; step++) {
      edge.workers().getFirst().step();
    }
    edge.close();
  }
}
