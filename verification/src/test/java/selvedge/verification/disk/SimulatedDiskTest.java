package selvedge.verification.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import selvedge.engine.files.InterruptSafeFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.work.Threads;

final class SimulatedDiskTest {
  private static final int ATTEMPTS = 200;

  private interface Work {
    void on(Path directory) throws IOException;
  }

  /** Returns how often something holds after a power cut. */
  private static int holds(Work work, Predicate<Path> condition) throws IOException {
    int holds = 0;
    for (int seed = 0; seed < ATTEMPTS; seed++) {
      var disk = new SimulatedDisk(new Random(seed));
      work.on(disk.mount(Threads.PLATFORM).getPath("/"));
      disk.cutPower();
      holds += condition.test(disk.mount(Threads.PLATFORM).getPath("/")) ? 1 : 0;
    }
    return holds;
  }

  private static void write(Path file, byte value, int count, boolean synced) throws IOException {
    try (InterruptSafeFile open = InterruptSafeFile.open(file)) {
      byte[] bytes = new byte[count];
      java.util.Arrays.fill(bytes, value);
      open.write(ByteBuffer.wrap(bytes), 0);
      if (synced) {
        open.sync();
      }
    }
  }

  private static boolean has(Path file, int count) {
    try {
      byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      for (byte each : bytes) {
        if (each != 1) {
          return false;
        }
      }
      return bytes.length == count;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void contentsAndNamesThatWereSyncedSurvive() throws IOException {
    Work work =
        root -> {
          write(root.resolve("a"), (byte) 1, 5000, true);
          SyncedFiles.syncNames(root);
        };

    assertThat(holds(work, root -> has(root.resolve("a"), 5000))).isEqualTo(ATTEMPTS);
  }

  @Test
  void contentsThatWereNotSyncedSurviveWholeTornOrNotAtAll() throws IOException {
    Work work =
        root -> {
          write(root.resolve("a"), (byte) 1, 5000, false);
          SyncedFiles.syncNames(root);
        };

    int whole = holds(work, root -> has(root.resolve("a"), 5000));
    int none = holds(work, root -> has(root.resolve("a"), 0));

    assertThat(whole).isBetween(1, ATTEMPTS);
    assertThat(none).isBetween(1, ATTEMPTS);
    assertThat(whole + none).isLessThan(ATTEMPTS);
  }

  @Test
  void aNameThatWasNotSyncedMayBeLostWithItsContents() throws IOException {
    Work work = root -> write(root.resolve("a"), (byte) 1, 10, true);

    assertThat(holds(work, root -> Files.exists(root.resolve("a")))).isBetween(1, ATTEMPTS - 1);
  }

  @Test
  void aReplacedFileIsTheOldOneOrTheNewOne() throws IOException {
    Work work =
        root -> {
          SyncedFiles.write(root.resolve("a"), List.of("old"));
          root.getFileSystem();
          Files.move(Files.writeString(root.resolve("b"), "new\n"), root.resolve("c"));
        };

    assertThat(
            holds(
                work,
                root -> {
                  try {
                    return Files.readString(root.resolve("a")).equals("old\n");
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }))
        .isEqualTo(ATTEMPTS);
  }

  @Test
  void aDirectoryThatAnInterruptedStartHasCreatedIsDurableAfterTheNextStart() throws IOException {
    Work work =
        root -> {
          root.getFileSystem();
          SimulatedDisk disk = ((SimulatedFileSystem) root.getFileSystem()).disk();
          disk.fail(1);
          assertThatThrownBy(() -> SyncedFiles.createDirectories(root.resolve("data")))
              .isInstanceOf(IOException.class);
          SyncedFiles.createDirectories(root.resolve("data"));
        };

    assertThat(holds(work, root -> Files.exists(root.resolve("data")))).isEqualTo(ATTEMPTS);
  }

  @Test
  void aProcessWhoseMachineHasStoppedUsesTheDiskNoMore() throws IOException {
    var disk = new SimulatedDisk(new Random(1));
    Path root = disk.mount(Threads.PLATFORM).getPath("/");
    disk.burn(1);

    assertThatThrownBy(() -> Files.createDirectory(root.resolve("a"))).isInstanceOf(PowerCut.class);
    assertThatThrownBy(() -> Files.exists(root.resolve("a"))).isInstanceOf(PowerCut.class);
  }
}
