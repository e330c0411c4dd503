package selvedge.verification.contract;

import selvedge.model.Namespaces;
import selvedge.model.testing.MemoryNamespaces;

final class MemoryNamespacesTest extends NamespacesContract {
  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock, limits);

  @Override
  Namespaces namespaces() {
    return namespaces;
  }
}
