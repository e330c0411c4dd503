package selvedge.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import selvedge.model.testing.MemoryNamespaces;

/** The end of an update that never succeeds. */
final class UpdateTest {

  @Test
  void anUpdateGivesUpAfterManyConflicts() {
    Namespace namespace = MemoryNamespaces.selvedge().namespace("n");

    assertThatThrownBy(
            () ->
                namespace.update(
                    "k",
                    Codec.NUMBER,
                    0L,
                    number -> {
                      namespace.put("k", "1");
                      return number + 1;
                    }))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("\"k\" 10000 times");
  }
}
