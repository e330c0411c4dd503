package selvedge.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import selvedge.engine.cache.HotStore;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.Store;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Change;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

/**
 * The store of a voter. The thread that applies the log changes it, and upkeep on other threads
 * excludes that thread. Safe for use by many threads.
 */
final class GuardedStore implements ForwardingStore, Feed {
  private final RocksStore rocks;
  private final HotStore hot;
  private final ReentrantLock changing = new ReentrantLock();
  private Consumer<List<Change>> applied = _ -> {};

  GuardedStore(RocksStore rocks, HotStore hot) {
    this.rocks = rocks;
    this.hot = hot;
  }

  @Override
  public Store delegate() {
    return hot;
  }

  RocksStore rocks() {
    return rocks;
  }

  HotStore hot() {
    return hot;
  }

  /**
   * Creates what receives all later changes, which includes none that the store has already.
   *
   * @param consumer what receives the changes, of the created object
   */
  <T> T receive(Supplier<T> creation, Function<T, Consumer<List<Change>>> consumer) {
    changing.lock();
    try {
      T created = creation.get();
      applied = consumer.apply(created);
      return created;
    } finally {
      changing.unlock();
    }
  }

  /** Makes a commit of the log durable and visible, and passes it on. */
  @WriterOnly
  void apply(List<Change> changes) {
    changing.lock();
    try {
      hot.commit(changes);
      if (changes.stream().anyMatch(NewLineage::concerns)) {
        Descent.settle(hot);
      }
      applied.accept(changes);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void adopt(long epoch) {
    changing.lock();
    try {
      hot.adopt(epoch);
    } finally {
      changing.unlock();
    }
  }

  /** Throws: only the log changes this store. */
  @Override
  public void commit(List<Change> changes) {
    throw new StoreUnusableException("the store of a voter is changed by the log only");
  }

  @Override
  public boolean sweep(Instant moment, int limit) {
    changing.lock();
    try {
      return hot.sweep(moment, limit);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public FeedRead read(Version after, int limit) {
    return rocks.read(after, limit);
  }

  @Override
  public Version horizon() {
    return rocks.horizon();
  }

  @Override
  public boolean trim(Duration age, long bytes, Instant now) {
    changing.lock();
    try {
      return rocks.trim(age, bytes, now);
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void close() {
    changing.lock();
    try {
      hot.close();
    } finally {
      changing.unlock();
    }
  }
}
