package selvedge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;

final class FirstStepsTest {
  private static final String PRINTED =
      """
      get: hello
      count: 1
      code: true
      accepted: true
      owner: bob
      fresh: true, true
      keys: [code/alice, greeting, owner, price, session, visits]
      point: Point[x=1, y=2]
      watch: true
      subscription: true
      near: 12
      later: 12
      """;

  @TempDir Path folder;

  private static String printed(Consumer<PrintStream> example) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      example.accept(out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String steps(Selvedge selvedge) {
    return printed(out -> FirstSteps.run(selvedge.namespace("first"), out));
  }

  @Test
  void theStepsPrintTheSameEmbeddedAndInMemory() {
    try (Selvedge selvedge = Selvedge.open(folder)) {
      assertThat(steps(selvedge)).isEqualTo(PRINTED);
    }
    try (Selvedge selvedge = MemoryNamespaces.selvedge()) {
      assertThat(steps(selvedge)).isEqualTo(PRINTED);
    }
  }

  @Test
  void anEdgeSeesChangesAfterTheLag() {
    assertThat(printed(FirstSteps::late)).isEqualTo("far: nothing yet\nfar: yes\n");
  }

  @Test
  void aClientSendsNoRequestBeforeItIsUsed() {
    FirstSteps.client("secret").close();
  }
}
