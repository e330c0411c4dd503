package selvedge.verification.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.files.CheckedFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.rocks.DamagedTable;
import selvedge.engine.store.rocks.Platform;
import selvedge.engine.store.rocks.Scan;
import selvedge.engine.store.rocks.Table;
import selvedge.engine.store.rocks.Tables;
import selvedge.engine.store.rocks.WriteSet;

/** The tables of the simulation keep over a crash what RocksDB keeps. */
@SuppressWarnings({"NullAway.Init", "EnumOrdinal"}) // the test opens the tables first
final class SimulatedTablesTest {
  private static final int STEPS = 300;
  private static final byte[] LAST = {(byte) 0xff};

  private final Random random = new Random(Long.getLong("seed", 1));
  private final SimulatedDisk disk =
      new SimulatedDisk(
          new Random(2) {
            @Override
            public double nextDouble() {
              return 1;
            }
          });
  private Path real;
  private Path simulated;
  private Tables rocks;
  private Tables model;

  private static DamagedTable undamaged(Path directory) {
    return new DamagedTable(new CheckedFile(directory.resolveSibling("damaged")), directory);
  }

  private void open(boolean create) {
    rocks = Platform.NATIVE.tables().open(real, create, undamaged(real), 1 << 20);
    simulated = disk.mount((_, _) -> () -> {}).getPath("/db");
    model = SimulatedTables.open(simulated, create, disk.random);
  }

  /** Takes what a killed process leaves on the disk. */
  private void kill(Path copy) throws IOException {
    while (!copied(copy)) {
      SyncedFiles.deleteAll(copy);
    }
    rocks.close();
    real = copy;
    open(false);
  }

  /** Copies the files of RocksDB, and returns whether it has merged none of them meanwhile. */
  private boolean copied(Path copy) throws IOException {
    SyncedFiles.createDirectories(copy);
    List<String> before = files();
    try {
      for (String file : before) {
        SyncedFiles.copy(real.resolve(file), copy.resolve(file));
      }
    } catch (NoSuchFileException _) {
      return false;
    }
    return files().equals(before);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(real)) {
      return files
          .map(each -> String.valueOf(each.getFileName()))
          .filter(name -> !name.equals("LOCK"))
          .sorted()
          .toList();
    }
  }

  private byte[] bytes(int variety) {
    return new byte[] {(byte) random.nextInt(variety)};
  }

  private void fill(List<WriteSet> sets) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      Table table = Table.values()[random.nextInt(Table.values().length)];
      byte[] one = bytes(20);
      byte[] other = bytes(20);
      int kind = random.nextInt(6);
      for (WriteSet set : sets) {
        if (kind == 0) {
          set.delete(table, one);
        } else if (kind == 1 && one[0] < other[0]) {
          set.deleteRange(table, one, other);
        } else {
          set.put(table, one, other);
        }
      }
    }
  }

  private void step(int number, Path directory) throws IOException {
    int kind = random.nextInt(20);
    if (kind == 0) {
      rocks.flush();
      model.flush();
    } else if (kind == 1) {
      kill(directory.resolve("copy-" + number));
    } else {
      try (WriteSet one = rocks.writeSet();
          WriteSet other = model.writeSet()) {
        fill(List.of(one, other));
        if (kind < 6) {
          rocks.write(one);
          model.write(other);
        } else if (kind < 8) {
          rocks.writeSynced(one);
          model.writeSynced(other);
        } else {
          rocks.writeUnlogged(one);
          model.writeUnlogged(other);
        }
      }
    }
  }

  private static List<String> rows(Tables tables) {
    List<String> rows = new ArrayList<>();
    for (Table table : Table.values()) {
      try (Scan scan = tables.scan(table, new byte[0], LAST)) {
        while (scan.next()) {
          byte[] filed = tables.getFromFiles(table, scan.key());
          rows.add(
              table
                  + " "
                  + HexFormat.of().formatHex(scan.key())
                  + " "
                  + HexFormat.of().formatHex(scan.row())
                  + " "
                  + (filed == null ? "-" : HexFormat.of().formatHex(filed)));
        }
      }
    }
    return rows;
  }

  @Test
  void agreesWithRocksAfterAnyWritesAndKills(@TempDir Path directory) throws IOException {
    real = directory.resolve("db");
    open(true);
    try {
      for (int i = 0; i < STEPS; i++) {
        step(i, directory);
        assertThat(rows(model)).as("step %d", i).isEqualTo(rows(rocks));
      }
    } finally {
      rocks.close();
    }
  }

  /** A crash may interrupt the first record of a log after any byte. */
  @Test
  void aRecordBehindATornOneIsKept() throws IOException {
    Path root = disk.mount((_, _) -> () -> {}).getPath("/");
    byte[] key = {1};
    for (int torn = 1; torn < 20; torn++) {
      Path directory = root.resolve("torn-" + torn);
      SimulatedTables.open(directory, true, random);
      Files.write(directory.resolve("1.wal"), new byte[torn]);

      Tables opened = SimulatedTables.open(directory, false, random);
      try (WriteSet rows = opened.writeSet()) {
        rows.put(Table.UPKEEP, key, key);
        opened.writeSynced(rows);
      }

      assertThat(SimulatedTables.open(directory, false, random).get(Table.UPKEEP, key))
          .as("after %d bytes", torn)
          .isEqualTo(key);
    }
  }
}
