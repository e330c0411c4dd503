package selvedge.engine.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** The part that a merge collects is a setting of the table: one that ends must not reset it. */
  @Test
  void aFullMergeWritesAllLargeValuesAnewAlsoWhileOtherMergesEnd(@TempDir Path directory)
      throws Exception {
    try (var rocks = open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int file = 0; file < 12; file++) {
        newFile(rocks, true);
        newLargeValues(rocks, file);
      }
      Set<Path> before = largeFiles(directory);
      assertThat(before).isNotEmpty();
      try (Tables.Merge full = rocks.fullMerge()) {
        Future<?> merging = threads.submit(full::run);
        while (!merging.isDone()) {
          try (Tables.Merge other = rocks.reclaimingMerge(List.of(), false, true)) {
            other.run();
          }
        }
        merging.get();
      }
      assertThat(largeFiles(directory)).isNotEmpty().doesNotContainAnyElementsOf(before);
    }
  }

  private static void newLargeValues(Rocks rocks, int file) {
    var chance = new Random(file);
    try (WriteSet rows = rocks.writeSet()) {
      for (int i = 0; i < 16; i++) {
        byte[] row = new byte[64 << 10];
        chance.nextBytes(row);
        rows.put(Table.CHUNKS, ByteBuffer.allocate(Long.BYTES).putInt(i).putInt(file).array(), row);
      }
      rocks.writeUnlogged(rows);
    }
    rocks.flush();
  }

  private static Set<Path> largeFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      return files
          .filter(each -> each.toString().endsWith(".blob"))
          .collect(Collectors.toUnmodifiableSet());
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
