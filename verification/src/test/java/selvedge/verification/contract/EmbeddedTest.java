package selvedge.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.embedded.EmbeddedOptions;
import selvedge.embedded.EmbeddedOrigin;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;

final class EmbeddedTest extends NamespaceContract {
  @TempDir Path folder;

  private Selvedge embedded = Selvedge.inMemory();

  @BeforeEach
  void open() {
    embedded = EmbeddedOrigin.open(folder, EmbeddedOptions.usual().clock(clock).limits(limits));
  }

  @AfterEach
  void close() {
    embedded.close();
  }

  @Override
  Namespace open(String title) {
    return embedded.namespace(title);
  }

  @Test
  void whatWasWrittenIsThereWhenTheDirectoryIsOpenedAgain() {
    open("n").put("k", "v");
    embedded.close();

    embedded = Selvedge.open(folder);

    assertThat(open("n").getText("k")).contains("v");
  }
}
