package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Trap by trap, the settings without which a trial of Ratis lost writes, leaders or time. */
final class RaftSettingsTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `(raft\\.[^`]+)` \\| `([^`]+)` \\| [^|]+ \\|");

  @Test
  void theDocumentHasEverySettingWithItsReason() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "explanation", "quorum.md"));
    Map<String, String> documented = new TreeMap<>();
    for (Matcher row = ROW.matcher(page); row.find(); ) {
      documented.put(row.group(1), row.group(2));
    }

    assertThat(documented).isEqualTo(RaftSettings.common());
  }

  @Test
  void anEntryCountsOnlyOnceItIsSynced() {
    assertThat(RaftSettings.common())
        .containsEntry("raft.server.log.async-flush.enabled", "false")
        .containsEntry("raft.server.log.unsafe-flush.enabled", "false");
  }

  @Test
  void theSnapshotsOfRatisAreOff() {
    assertThat(RaftSettings.common())
        .containsEntry("raft.server.log.appender.install.snapshot.enabled", "false");
  }

  /** With six files of 32 MB, voters with a heap of 256 MB ended for lack of memory. */
  @Test
  void fewSmallFilesOfTheLogAreInMemory() {
    assertThat(RaftSettings.common())
        .containsEntry("raft.server.log.segment.size.max", "8MB")
        .containsEntry("raft.server.log.segment.cache.num.max", "2");
  }

  @Test
  void aPauseDoesNotCloseTheVoterForGood() {
    assertThat(RaftSettings.common()).containsEntry("raft.server.close.threshold", "1d");
  }
}
