package selvedge.engine.store.rocks;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.feed.Feed;
import selvedge.engine.store.Store;
import selvedge.engine.store.StoreContract;

/** An encrypted store keeps the contract of every store. */
final class EncryptedStoreTest extends StoreContract {
  private final RocksStore store;

  EncryptedStoreTest(@TempDir Path parent) {
    MasterKeys keys = MasterKeys.text(AesMasterKey.generate(), "the test");
    store = RocksStore.open(parent.resolve("store"), limits, clock, new Random(1), keys);
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Feed feed() {
    return store;
  }
}
