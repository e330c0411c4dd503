package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.files.CheckedFile;

class RocksTest {
  private static final int MIB = 1 << 20;

  @Test
  void theLevelBelowTheNewFilesBecomesAsLargeAsTheyAreOnceTheyAreEnough(@TempDir Path directory) {
    try (var rocks = open(directory)) {
      newFile(rocks, false);
      rocks.fitLevel(Table.ENTRIES);
      assertThat(rocks.levelBytes(Table.ENTRIES)).isEqualTo(256L * MIB);

      for (int file = 0; file < 3; file++) {
        newFile(rocks, false);
      }
      rocks.fitLevel(Table.ENTRIES);
      assertThat(rocks.levelBytes(Table.ENTRIES)).isEqualTo(16L * MIB);

      newFile(rocks, true);
      rocks.fitLevel(Table.ENTRIES);
      assertThat(rocks.levelBytes(Table.ENTRIES)).isBetween(32L * MIB, 40L * MIB);
    }
  }

  /** A merge of all files writes them anew before it deletes the old ones. */
  @Test
  void aMergeNeedsTheSpaceOfTheFiles(@TempDir Path directory) {
    try (var rocks = open(directory)) {
      assertThat(rocks.mergeBytes()).isZero();

      newFile(rocks, true);

      assertThat(rocks.mergeBytes()).isBetween(4L * MIB, 5L * MIB);
    }
  }

  /** Four mebibytes of rows. */
  private static void newFile(Rocks rocks, boolean random) {
    var chance = new Random(1);
    try (WriteSet rows = rocks.writeSet()) {
      for (int i = 0; i < 4096; i++) {
        byte[] row = new byte[1024];
        if (random) {
          chance.nextBytes(row);
        }
        rows.put(Table.ENTRIES, ByteBuffer.allocate(Integer.BYTES).putInt(i).array(), row);
      }
      rocks.writeUnlogged(rows);
    }
    rocks.flush();
  }

  private static Rocks open(Path directory) {
    var damaged =
        new DamagedTable(new CheckedFile(directory.resolve("damaged")), directory.resolve("db"));
    return Rocks.open(directory.resolve("db"), true, damaged, MIB);
  }
}
