package selvedge.engine.store;

import selvedge.engine.feed.Feed;

final class MemoryStoreTest extends StoreContract {
  private final MemoryStore store = new MemoryStore(1);

  @Override
  Store store() {
    return store;
  }

  @Override
  Feed feed() {
    return store;
  }
}
