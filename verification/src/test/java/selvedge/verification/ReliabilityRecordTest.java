package selvedge.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReliabilityRecordTest {
  private static final String HEADING = "## Rounds";

  @TempDir Path folder;

  @Test
  void aSliceAddsToTheCountsOfEarlierOnes() throws IOException {
    Path page =
        Files.write(
            folder.resolve("page.md"),
            List.of(
                "# Page",
                "",
                HEADING,
                "",
                "| fault | rounds | writes |",
                "| --- | --- | --- |",
                "",
                "## Next",
                "",
                "| other | 5 | 6 |"));
    var record = ReliabilityRecord.at(page, HEADING);

    record.add("kill", 1, 999);
    record.add("stop", 2, 3);
    record.add("kill", 1, 1);

    assertThat(Files.readAllLines(page))
        .containsExactly(
            "# Page",
            "",
            HEADING,
            "",
            "| fault | rounds | writes |",
            "| --- | --- | --- |",
            "| kill | 2 | 1,000 |",
            "| stop | 2 | 3 |",
            "",
            "## Next",
            "",
            "| other | 5 | 6 |");
    assertThat(record.rounds()).isEqualTo(4);
  }
}
