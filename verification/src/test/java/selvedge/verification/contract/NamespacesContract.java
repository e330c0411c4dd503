package selvedge.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.LimitExceededException;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Namespaces;
import selvedge.model.TitleTakenException;
import selvedge.model.WriteOptions;

/** The contract of {@link Namespaces} and of its namespaces. */
abstract class NamespacesContract extends NamespaceContract {
  static final AccountId ACCOUNT = new AccountId("a".repeat(32));
  private static final AccountId STRANGER = new AccountId("b".repeat(32));

  /** Returns the subject: without namespaces, with the clock and the limits of the contract. */
  abstract Namespaces namespaces();

  @Override
  final Namespace open(String title) {
    return namespaces().open(namespaces().create(ACCOUNT, title).id());
  }

  @Test
  void aTitleIsUniqueInAnAccount() {
    NamespaceInfo mine = namespaces().create(ACCOUNT, "cache");
    NamespaceInfo theirs = namespaces().create(STRANGER, "cache");

    assertThatThrownBy(() -> namespaces().create(ACCOUNT, "cache"))
        .isInstanceOfSatisfying(
            TitleTakenException.class, e -> assertThat(e.holder()).isEqualTo(mine.id()));
    assertThat(namespaces().list(ACCOUNT)).containsExactly(mine);
    assertThat(namespaces().list(STRANGER)).containsExactly(theirs);
    assertThat(namespaces().accounts()).containsExactly(ACCOUNT, STRANGER);
  }

  @Test
  void renamesAndFreesTheOldTitle() {
    NamespaceInfo before = namespaces().create(ACCOUNT, "before");
    namespaces().open(before.id()).put(GREETING, HELLO, WriteOptions.PLAIN);
    namespaces().create(ACCOUNT, "taken");

    NamespaceInfo after = namespaces().rename(before.id(), "after");

    assertThat(after.id()).isEqualTo(before.id());
    assertThat(namespaces().find(before.id())).contains(after);
    assertThat(found(namespaces().open(after.id()), GREETING).value().bytes()).isEqualTo(HELLO);
    namespaces().create(ACCOUNT, "before");
    assertThatThrownBy(() -> namespaces().rename(after.id(), "taken"))
        .isInstanceOf(TitleTakenException.class);
  }

  @Test
  void titlesHaveFrom1To512Characters() {
    namespaces().create(ACCOUNT, "\uD83D\uDE00".repeat(512));

    assertThatThrownBy(() -> namespaces().create(ACCOUNT, ""))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> namespaces().create(ACCOUNT, "t".repeat(513)))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void aDeletedNamespaceIsGoneAtOnceAlsoForOpenHandles() {
    NamespaceInfo info = namespaces().create(ACCOUNT, "doomed");
    Namespace held = namespaces().open(info.id());
    held.put(GREETING, HELLO, WriteOptions.PLAIN);

    namespaces().delete(info.id());

    assertThat(namespaces().find(info.id())).isEmpty();
    assertThatThrownBy(() -> held.get(GREETING)).isInstanceOf(NamespaceNotFoundException.class);
    assertThatThrownBy(() -> held.put(GREETING, HELLO, WriteOptions.PLAIN))
        .isInstanceOf(NamespaceNotFoundException.class);
    assertThatThrownBy(() -> namespaces().delete(info.id()))
        .isInstanceOf(NamespaceNotFoundException.class);
    NamespaceId next = namespaces().create(ACCOUNT, "doomed").id();
    assertThat(namespaces().open(next).get(GREETING)).isInstanceOf(Lookup.Missing.class);
  }
}
