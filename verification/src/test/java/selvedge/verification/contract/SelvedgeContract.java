package selvedge.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.LimitExceededException;
import selvedge.model.Namespace;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Selvedge;
import selvedge.model.TitleTakenException;
import selvedge.model.WriteOptions;

/** The contract of {@link Selvedge} and of its namespaces. */
abstract class SelvedgeContract extends NamespaceContract {

  abstract Selvedge selvedge();

  @Override
  final Namespace open(String title) {
    return selvedge().namespace(title);
  }

  @Test
  void listsTheTitlesOfAllNamespacesInTheirOrder() {
    for (int i = 0; i < 120; i++) {
      selvedge().namespace("title \"%03d\" \\ é".formatted(119 - i));
    }

    List<String> titles =
        selvedge().titles().stream().filter(title -> title.startsWith("title")).toList();
    assertThat(titles).hasSize(120).isSorted();
    assertThat(titles.getFirst()).isEqualTo("title \"000\" \\ é");
  }

  @Test
  void createsANamespaceOnce() {
    selvedge().create("new").put("k", "v");

    assertThat(selvedge().namespace("new").getText("k")).contains("v");
    assertThatThrownBy(() -> selvedge().create("new"))
        .isInstanceOfSatisfying(
            TitleTakenException.class, taken -> assertThat(taken.getMessage()).contains("new"));
    assertThatThrownBy(() -> selvedge().create("")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> selvedge().create("x".repeat(513)))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void aRenamedNamespaceKeepsItsEntries() {
    Namespace namespace = selvedge().create("before");
    namespace.put("k", "v");
    selvedge().create("taken");

    assertThatThrownBy(() -> selvedge().rename("before", "taken"))
        .isInstanceOf(TitleTakenException.class);
    selvedge().rename("before", "after");

    assertThat(selvedge().namespace("after").getText("k")).contains("v");
    assertThat(namespace.getText("k")).contains("v");
    assertThat(selvedge().titles()).contains("after").doesNotContain("before");
    assertThatThrownBy(() -> selvedge().rename("before", "other"))
        .isInstanceOf(NamespaceNotFoundException.class);
  }

  @Test
  void aDeletedNamespaceIsGoneAndItsTitleIsFree() {
    selvedge().create("doomed").put("k", "v");

    selvedge().delete("doomed");

    assertThat(selvedge().titles()).doesNotContain("doomed");
    assertThat(selvedge().namespace("doomed").getText("k")).isEmpty();
    assertThatThrownBy(() -> selvedge().delete("never"))
        .isInstanceOf(NamespaceNotFoundException.class);
  }

  @Test
  void refusesATimeToLiveBelowTheLimit() {
    Namespace namespace = open("fresh");
    WriteOptions half = WriteOptions.PLAIN.expiresIn(Duration.ofMillis(500));

    assertThatThrownBy(() -> namespace.put("k", "v", half))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at least 1 seconds")
        .hasMessageContaining("0.5");
    assertThatThrownBy(() -> namespace.increment(GREETING, 1, half))
        .isInstanceOf(InvalidRequestException.class);
    namespace.put("k", "v", WriteOptions.PLAIN.expiresIn(Duration.ofSeconds(1)));

    assertThat(namespace.count(Bytes.EMPTY)).isEqualTo(1);
  }

  @Test
  void refusesATitleThatIsNotUnicode() {
    String half = "a\uD83D";
    selvedge().create("whole");
    List<String> before = selvedge().titles();

    List<ThrowingCallable> calls =
        List.of(
            () -> selvedge().namespace(half),
            () -> selvedge().create(half),
            () -> selvedge().rename("whole", half));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("surrogate");
    }
    assertThat(selvedge().titles()).isEqualTo(before);
  }
}
