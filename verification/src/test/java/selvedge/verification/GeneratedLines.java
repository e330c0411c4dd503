package selvedge.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a page that the build generates.
 *
 * @param start the line before the first one
 * @param end the line after the last one; empty if they end with the page
 */
public record GeneratedLines(Path page, String start, String end) {

  /**
   * Compares the lines of the page with the expected ones. With {@code -Dgenerate} it writes them.
   */
  public void require(List<String> expected) throws IOException {
    List<String> lines = Files.readAllLines(page);
    int first = lines.indexOf(start) + 1;
    int behind = end.isEmpty() ? lines.size() : lines.indexOf(end);

    if (System.getProperty("generate") != null) {
      List<String> written = new ArrayList<>(lines.subList(0, first));
      written.addAll(expected);
      written.addAll(lines.subList(behind, lines.size()));
      Files.write(page, written);
      return;
    }

    assertThat(lines.subList(first, behind))
        .withFailMessage(
            () ->
                page.getFileName()
                    + " must have these lines (-Dgenerate writes them):\n"
                    + String.join("\n", expected))
        .isEqualTo(expected);
  }
}
