package selvedge.verification.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static selvedge.verification.disk.Interruption.CLOCK;
import static selvedge.verification.disk.Interruption.LIMITS;
import static selvedge.verification.disk.Interruption.NAMESPACE;
import static selvedge.verification.disk.Interruption.commit;
import static selvedge.verification.disk.Interruption.content;
import static selvedge.verification.disk.Interruption.interruptAtEachChange;
import static selvedge.verification.disk.Interruption.mounted;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.files.CheckedFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.rocks.DamagedTable;
import selvedge.engine.store.rocks.Platform;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.Scan;
import selvedge.engine.store.rocks.Table;
import selvedge.engine.store.rocks.Tables;
import selvedge.engine.store.rocks.WriteSet;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Version;

/**
 * The next start completes an upgrade, and nothing is lost, wherever a kill or a power cut
 * interrupts it. The store is the one of {@code UpgradeTest}.
 */
final class InterruptedUpgradeTest {
  private final Random random = new Random(1);
  @TempDir Path folder;

  /** Returns a line for each change. */
  private static List<String> feed(RocksStore store) {
    if (store.read(Version.NONE, 1000) instanceof FeedRead.Changes(List<Change> changes)) {
      return changes.stream()
          .map(each -> each.version() + " " + each.mutation().getClass().getSimpleName())
          .toList();
    }
    throw new AssertionError("the feed is trimmed");
  }

  private static void copyTable(Tables from, Tables to, Table table) {
    byte[] last = new byte[600];
    Arrays.fill(last, (byte) 0xff);
    try (Scan scan = from.scan(table, new byte[0], last);
        WriteSet rows = to.writeSet()) {
      while (scan.next()) {
        rows.put(table, scan.key(), scan.row());
      }
      to.writeSynced(rows);
    }
  }

  private static void unpack(Path target) throws IOException {
    Path archive =
        Path.of("..", "engine/src/test/resources/selvedge/engine/store/rocks/format-2.zip");
    try (InputStream in = Files.newInputStream(archive);
        var zip = new ZipInputStream(in)) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = target.resolve(each.getName());
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, zip.readAllBytes());
      }
    }
  }

  /** Returns a disk with the files of the old store. Its tables have the rows that RocksDB has. */
  private SimulatedDisk oldStore(Path old) throws IOException {
    var disk = new SimulatedDisk(random);
    Path store = mounted(disk).resolve("store");
    SyncedFiles.createDirectories(store.resolve("journal"));
    for (String each :
        List.of(
            "format", "watermark", "journal/0000000001.journal", "journal/0000000002.journal")) {
      Files.write(store.resolve(each), Files.readAllBytes(old.resolve(each)));
    }
    Path database = old.resolve("db");
    var undamaged = new DamagedTable(new CheckedFile(old.resolve("damaged")), database);
    try (Tables rocks = Platform.NATIVE.tables().open(database, false, undamaged, 1 << 20);
        Tables model = SimulatedTables.open(store.resolve("db"), true, random)) {
      for (Table table : Table.values()) {
        copyTable(rocks, model, table);
      }
      model.flush();
    }
    SyncedFiles.syncFiles(store);
    SyncedFiles.syncDirectories(store.getRoot());
    return disk;
  }

  private static String magic(Path journal) {
    try (InputStream in = Files.newInputStream(journal)) {
      return new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean hasFormat2(Path store) throws IOException {
    return Files.readString(store.resolve("format")).startsWith("selvedge store 2\n");
  }

  /** A program of format 2 can open a store that names format 2. */
  private static void requireReadableByOldPrograms(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store.resolve("journal"))) {
      assertThat(files.map(InterruptedUpgradeTest::magic)).doesNotContain("selvjrn3");
    }
  }

  private void upgradeIsNotLost(MasterKeys keys, String format) throws IOException {
    Path oracle = folder.resolve("oracle");
    Path old = folder.resolve("old");
    unpack(oracle);
    unpack(old);
    List<String> expected;
    List<String> changes;
    try (RocksStore store = RocksStore.open(oracle, LIMITS, CLOCK, random)) {
      expected = content(store);
      changes = feed(store);
    }
    var formats = new ArrayList<Boolean>();

    int count =
        interruptAtEachChange(
            oldStore(old),
            root -> {
              try (RocksStore store =
                  RocksStore.open(root.resolve("store"), LIMITS, CLOCK, random, keys)) {
                commit(store, "later", 9000);
              }
            },
            root -> {
              Path directory = root.resolve("store");
              formats.add(hasFormat2(directory));
              if (hasFormat2(directory)) {
                requireReadableByOldPrograms(directory);
              }
              try (RocksStore store = RocksStore.open(directory, LIMITS, CLOCK, random, keys)) {
                assertThat(content(store)).isEqualTo(expected);
                assertThat(feed(store)).startsWith(changes.toArray(String[]::new));
                assertThat(store.latest().number()).isBetween(72L, 73L);
                commit(store, "last", 9000);
              }
              assertThat(Files.readString(directory.resolve("format"))).startsWith(format);
              try (RocksStore store = RocksStore.open(directory, LIMITS, CLOCK, random, keys)) {
                assertThat(content(store)).isEqualTo(expected);
                assertThat(store.get(NAMESPACE, Key.of("last"))).isInstanceOf(Lookup.Found.class);
              }
            });

    assertThat(count).as("changes of files").isGreaterThan(10);
    assertThat(formats).as("format 2 after an interruption").contains(true, false);
    assertThat(expected).hasSizeGreaterThan(40);
  }

  @Test
  void anUpgradeOfFormat2IsCompletedByTheNextStart() throws IOException {
    upgradeIsNotLost(MasterKeys.NONE, "selvedge store 3\n");
  }

  @Test
  void anUpgradeOfFormat2ToAnEncryptedStoreIsCompletedByTheNextStart() throws IOException {
    upgradeIsNotLost(
        MasterKeys.text(AesMasterKey.generate(), "the test"), "selvedge store 3 encrypted\n");
  }
}
