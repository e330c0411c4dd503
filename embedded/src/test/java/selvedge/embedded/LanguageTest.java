package selvedge.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Selvedge;

/** A store can be opened whatever the language of the machine is. */
final class LanguageTest {
  private final Locale before = Locale.getDefault();

  @TempDir Path folder;

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @Test
  void aStoreIsOpenedAgainWhereNumbersHaveOtherDigits() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    for (int i = 1; i <= 2; i++) {
      try (Selvedge selvedge = Selvedge.open(folder)) {
        assertThat(selvedge.namespace("n").increment("opened")).isEqualTo(i);
      }
    }
    Locale.setDefault(Locale.ROOT);
    try (Selvedge selvedge = Selvedge.open(folder)) {
      assertThat(selvedge.namespace("n").increment("opened")).isEqualTo(3);
    }
  }
}
