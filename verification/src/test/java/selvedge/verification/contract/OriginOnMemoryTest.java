package selvedge.verification.contract;

import selvedge.engine.feed.Feed;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Store;

final class OriginOnMemoryTest extends OriginContract {
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
