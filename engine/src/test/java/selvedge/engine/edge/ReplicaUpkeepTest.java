package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;

/** What an edge frees by itself. */
final class ReplicaUpkeepTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));
  private static final int SESSIONS = 2000;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryStore store = new MemoryStore(1);
  private final Replica replica =
      new Replica(
          new ServedStore(store, store, Limits.of(Profile.OPEN), clock),
          () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos(),
          new QuietOrigin(store, clock),
          Selection.EVERYTHING,
          new SilentWatcher());

  @Test
  void freesAllExpiredEntriesWithoutAPauseBetweenPieces() {
    List<Change> changes = new ArrayList<>();
    for (int i = 1; i <= SESSIONS; i++) {
      changes.add(
          new Change(
              new Version(i),
              clock.instant(),
              NAMESPACE,
              new Mutation.Put(
                  Key.of("session/" + i),
                  Bytes.utf8("x"),
                  Metadata.NONE,
                  Expiry.at(clock.instant().plusSeconds(60)))));
    }
    store.commit(changes);
    clock.advance(Duration.ofHours(2));

    replica.workers().reversed().forEach(Worker::step);
    Worker follower = replica.workers().getFirst();
    for (int step = 0; step < 20; step++) {
      follower.step();
    }

    assertThat(store.list(NAMESPACE, Listing.all(SESSIONS)).entries().size()).isZero();
  }
}
