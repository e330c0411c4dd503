package selvedge.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.embedded.EmbeddedOptions;
import selvedge.embedded.EmbeddedOrigin;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;

final class EmbeddedTest extends SelvedgeContract {
  @TempDir Path folder;

  private Selvedge embedded = MemoryNamespaces.selvedge();

  @BeforeEach
  void open() {
    embedded = EmbeddedOrigin.open(folder, EmbeddedOptions.usual().clock(clock).limits(limits));
  }

  @AfterEach
  void close() {
    embedded.close();
  }

  @Override
  Selvedge selvedge() {
    return embedded;
  }

  @Test
  void entriesAreReadAfterTheDirectoryIsOpenedAgain() {
    open("n").put("k", "v");
    embedded.close();

    embedded = Selvedge.open(folder);

    assertThat(open("n").getText("k")).contains("v");
  }
}
