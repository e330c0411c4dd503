package selvedge.verification.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import selvedge.verification.GeneratedLines;

/** The table of docs/how-to/name-a-fault.md, by which {@link NamedFaultsTest} names faults. */
final class NamedFaultsDocumentTest {
  private static final Path PAGE = Path.of("..", "docs", "how-to", "name-a-fault.md");

  @Test
  void thePageHasEachFault() throws IOException {
    new GeneratedLines(PAGE, "| --- | --- | --- | --- |", "")
        .require(Arrays.stream(NamedFault.values()).map(NamedFault::row).toList());
  }
}
