package selvedge.verification.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static selvedge.verification.disk.Interruption.CLOCK;
import static selvedge.verification.disk.Interruption.LIMITS;
import static selvedge.verification.disk.Interruption.commit;
import static selvedge.verification.disk.Interruption.content;
import static selvedge.verification.disk.Interruption.copy;
import static selvedge.verification.disk.Interruption.interruptAtEachChange;
import static selvedge.verification.disk.Interruption.mounted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import selvedge.engine.Backup;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;

/**
 * Offline operations are complete after the next attempt, and lose nothing, wherever a kill or a
 * power cut interrupts them.
 */
final class InterruptedOperationsTest {
  private final Random random = new Random(1);

  private RocksStore open(Path data) {
    return new StoreDirectory(data).open(LIMITS, CLOCK, random);
  }

  private Backup backup() {
    return new Backup(LIMITS, CLOCK, random, MasterKeys.NONE);
  }

  /** Returns a disk with the data directory of an origin that has an earlier lineage. */
  private SimulatedDisk origin() {
    var disk = new SimulatedDisk(random);
    Path data = mounted(disk).resolve("data");
    try (RocksStore store = open(data)) {
      NewLineage.open(store, CLOCK.instant(), random);
      for (int i = 0; i < 20; i++) {
        commit(store, "key" + i, i % 10 == 0 ? 9000 : 40);
      }
      NewLineage.begin(store, CLOCK.instant(), random);
      commit(store, "key20", 40);
    }
    disk.cutPower();
    return disk;
  }

  private <T> T read(SimulatedDisk disk, Function<RocksStore, T> reading) {
    try (RocksStore store = open(mounted(copy(disk, 1)).resolve("data"))) {
      return reading.apply(store);
    }
  }

  private ClusterId newIdentity(Path data) {
    try (RocksStore store = open(data)) {
      NewLineage.beginCluster(store, CLOCK.instant(), random);
      return Descent.of(store).cluster();
    }
  }

  @Test
  void aNewIdentityIsTakenCompletelyOrNotAtAll() throws IOException {
    SimulatedDisk origin = origin();
    Descent before = read(origin, Descent::of);
    List<String> expected = read(origin, Interruption::content);
    var changed = new ArrayList<Boolean>();

    int count =
        interruptAtEachChange(
            origin,
            root -> newIdentity(root.resolve("data")),
            root -> {
              Path data = root.resolve("data");
              ClusterId found;
              try (RocksStore store = open(data)) {
                NewLineage.open(store, CLOCK.instant(), random);
                Descent after = Descent.of(store);
                found = after.cluster();
                changed.add(!found.equals(before.cluster()));
                if (found.equals(before.cluster())) {
                  assertThat(after.epoch()).isEqualTo(before.epoch());
                  assertThat(after.latest()).isEqualTo(before.latest().next());
                } else {
                  assertThat(after.lineage()).isEqualTo(Lineage.NONE);
                  assertThat(after.openings().all())
                      .allMatch(opening -> opening.epoch() == after.epoch());
                  assertThat(after.latest().number())
                      .isGreaterThan(before.latest().number() + (1L << 32));
                }
                assertThat(content(store)).isEqualTo(expected);
              }
              assertThat(newIdentity(data)).isNotIn(before.cluster(), found);
            });

    assertThat(count).as("changes of files").isGreaterThan(5);
    assertThat(changed).contains(true, false);
  }

  @Test
  void anInterruptedBackupIsValidOrRefused() throws IOException {
    SimulatedDisk origin = origin();
    List<String> expected = read(origin, Interruption::content);
    var complete = new ArrayList<Boolean>();
    Interruption.Work create =
        root -> {
          Path data = root.resolve("data");
          try (RocksStore store = open(data)) {
            backup().create(store, data.resolve("store"), root.resolve("backup"));
          }
        };

    interruptAtEachChange(
        origin,
        create,
        root -> {
          Path backup = root.resolve("backup");
          complete.add(Files.exists(backup.resolve("manifest")));
          if (Files.exists(backup.resolve("manifest"))) {
            backup().verify(backup);
          } else {
            assertThatThrownBy(() -> backup().restore(backup, root.resolve("new")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not a complete backup");
            assertThat(root.resolve("new")).doesNotExist();
          }
          SyncedFiles.deleteAll(backup);
          create.on(root);
          backup().verify(backup);
          try (RocksStore store = open(root.resolve("data"))) {
            assertThat(content(store)).isEqualTo(expected);
          }
        });

    assertThat(complete).contains(true, false);
  }

  @Test
  void aRestoreIsCompletedByTheNextOneOrWasComplete() throws IOException {
    SimulatedDisk origin = origin();
    Descent before = read(origin, Descent::of);
    List<String> expected = read(origin, Interruption::content);
    Path source = mounted(origin);
    try (RocksStore store = open(source.resolve("data"))) {
      backup().create(store, source.resolve("data/store"), source.resolve("backup"));
    }
    origin.cutPower();
    var complete = new ArrayList<Boolean>();

    int count =
        interruptAtEachChange(
            origin,
            root -> backup().restore(root.resolve("backup"), root.resolve("new")),
            root -> {
              Path data = root.resolve("new");
              boolean restored = Files.exists(data.resolve("store"));
              complete.add(restored);
              if (restored) {
                assertThatThrownBy(() -> backup().restore(root.resolve("backup"), data))
                    .hasMessageContaining("a restore replaces no store");
              } else {
                backup().restore(root.resolve("backup"), data);
              }
              try (RocksStore store = open(data)) {
                Descent after = Descent.of(store);
                assertThat(content(store)).isEqualTo(expected);
                assertThat(after.cluster()).isEqualTo(before.cluster());
                assertThat(after.lineage().lastOf(before.epoch())).contains(before.latest());
                assertThat(after.latest().number())
                    .isGreaterThan(before.latest().number() + (1L << 32));
              }
              backup().verify(root.resolve("backup"));
            });

    assertThat(count).as("changes of files").isGreaterThan(20);
    assertThat(complete).contains(true, false);
  }

  @Test
  void aLoadedStoreThatIsDeletedIsWholeOrGone() throws IOException {
    SimulatedDisk edge = origin();
    var directory = new StoreDirectory(mounted(edge).resolve("data"));
    directory.openLoading(LIMITS, CLOCK, random).close();
    edge.cutPower();

    int count =
        interruptAtEachChange(
            edge,
            root -> new StoreDirectory(root.resolve("data")).forget(),
            root -> {
              var after = new StoreDirectory(root.resolve("data"));
              after.recover();
              assertThat(root.resolve("data/store.deleted")).doesNotExist();
              after.openLoading(LIMITS, CLOCK, random).close();
              after.open(LIMITS, CLOCK, random).close();
            });

    assertThat(count).as("changes of files").isGreaterThan(5);
  }
}
