package selvedge.verification.contract;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.cache.HotStore;
import selvedge.engine.feed.Feed;
import selvedge.engine.store.Store;
import selvedge.engine.store.rocks.RocksStore;

final class OriginOnRocksTest extends OriginContract {
  private final RocksStore rocks;
  private final HotStore hot;

  OriginOnRocksTest(@TempDir Path directory) {
    rocks = RocksStore.open(directory.resolve("store"), limits, clock, new Random(11));
    hot = new HotStore(rocks, limits);
  }

  @Override
  Store store() {
    return hot;
  }

  @Override
  Feed feed() {
    return rocks;
  }
}
