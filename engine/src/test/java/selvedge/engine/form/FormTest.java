package selvedge.engine.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import selvedge.model.StoreUnusableException;

final class FormTest {
  @Test
  void theDocumentHasEveryForm() throws IOException {
    Path page = Path.of("..", "docs", "reference", "data-directory.md");
    String table =
        Files.readAllLines(page).stream()
            .filter(line -> line.matches("\\| [a-z ]+ \\| \\d+ \\| \\d+ \\|"))
            .reduce("", (all, line) -> all + line + "\n");

    assertThat(table)
        .isEqualTo(
            Arrays.stream(Form.values())
                .map(
                    each ->
                        String.format(
                            "| %s | %d | %d |%n", each.label(), each.oldest(), each.newest()))
                .reduce("", String::concat));
  }

  @Test
  void onlyKnownFormsAreReadAndANewerOneIsNamed() {
    assertThatCode(() -> Form.STORE.require(2, "x")).doesNotThrowAnyException();
    assertThatCode(() -> Form.STORE.require(3, "x")).doesNotThrowAnyException();
    assertThatThrownBy(() -> Form.STORE.require(1, "the place"))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessage("the place has the store form 1, and this release reads forms 2 to 3");
    assertThatThrownBy(() -> Form.FEED.require(2, "the place"))
        .hasMessage(
            "the place has the feed form 2, and this release reads form 1: start the newer"
                + " release");
  }

  @Test
  void bothEndsUseTheNewestFormThatBothKnow() {
    assertThat(Form.CLUSTER.common(1)).isEqualTo(1);
    assertThat(Form.CLUSTER.common(9)).isEqualTo(2);
  }
}
