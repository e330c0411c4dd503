package selvedge.verification.contract;

import selvedge.model.AccountId;
import selvedge.model.Namespace;
import selvedge.model.testing.MemoryNamespaces;

/** The contract of a namespace whose methods return futures. */
final class AsyncNamespaceTest extends NamespaceContract {
  private static final AccountId ACCOUNT = new AccountId("a".repeat(32));

  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock, limits);

  @Override
  Namespace open(String title) {
    return new JoinedNamespace(namespaces.open(namespaces.create(ACCOUNT, title).id()));
  }
}
