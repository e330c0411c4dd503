package selvedge.engine.store;

import selvedge.engine.feed.Feed;

final class MemoryStoreTest extends StoreContract {
  private final MemoryStore store = new MemoryStore(1);

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Feed feed() {
    return store;
  }
}
