package selvedge.verification.contract;

import selvedge.model.MemoryNamespaces;
import selvedge.model.Namespaces;

final class MemoryNamespacesTest extends NamespacesContract {
  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock, limits);

  @Override
  Namespaces namespaces() {
    return namespaces;
  }
}
