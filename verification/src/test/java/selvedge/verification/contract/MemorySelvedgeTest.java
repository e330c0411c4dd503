package selvedge.verification.contract;

import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;

final class MemorySelvedgeTest extends SelvedgeContract {
  private final Selvedge selvedge = MemoryNamespaces.selvedge(clock);

  @Override
  Selvedge selvedge() {
    return selvedge;
  }
}
