package selvedge.verification.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.cluster.LogDirectory;
import selvedge.cluster.LogSize;
import selvedge.engine.files.InterruptSafeFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.work.Threads;
import selvedge.model.Version;

/** The log of a voter that was killed, and whose machine loses its power later. */
final class VoterLogTest {
  private static final int SEEDS = 50;
  private static final byte[] ENTRIES = new byte[10_000];

  /** A killed voter reads entries back that its disk does not have, and would vote with them. */
  @Test
  void entriesThatAreReadBackAreOnDiskBeforeTheyCount() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      var disk = new SimulatedDisk(new Random(seed));
      Path log = disk.mount(Threads.PLATFORM).getPath("/log");
      SyncedFiles.createDirectories(log);
      Path current = Files.createDirectories(log.resolve("group").resolve("current"));
      try (InterruptSafeFile segment = InterruptSafeFile.open(current.resolve("segment"))) {
        segment.write(ByteBuffer.wrap(ENTRIES), 0);
      }

      LogDirectory.require(log, Version.NONE, -1, new LogSize(Long.MAX_VALUE, Long.MAX_VALUE));
      disk.cutPower();

      Path segment = disk.mount(Threads.PLATFORM).getPath("/log/group/current/segment");
      assertThat(segment).as("with the seed %d", seed).exists();
      assertThat(Files.readAllBytes(segment)).as("with the seed %d", seed).isEqualTo(ENTRIES);
    }
  }
}
