package selvedge.server.site;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.edge.StoreLoader;
import selvedge.engine.replication.Descent;
import selvedge.server.edge.Upstream;

/**
 * The loading of a newer store beside the one in use, until it is complete or ended. One thread
 * loads; another one may end it.
 */
final class Reload implements StoreLoader.Pause {
  private static final Duration RETRY = Duration.ofSeconds(4);

  private final EdgeStore store;
  private final Descent own;
  private final BooleanSupplier closed;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch returned = new CountDownLatch(1);
  private volatile @Nullable Upstream upstream;

  /**
   * @param own the lineage of the store in use
   * @param closed returns whether the server stops
   */
  Reload(EdgeStore store, Descent own, BooleanSupplier closed) {
    this.store = store;
    this.own = own;
    this.closed = closed;
  }

  /**
   * Returns true once the new store is complete, or false if the loading was ended. No failure ends
   * it: without a newer store this server never follows again.
   */
  boolean load() {
    try {
      while (true) {
        try {
          return store.load(own, this, this::opened);
        } catch (RuntimeException | Error e) {
          store.failed(e);
          if (!await(RETRY)) {
            return false;
          }
        }
      }
    } finally {
      returned.countDown();
    }
  }

  private void opened(Upstream connections) {
    upstream = connections;
    if (isEnded()) {
      connections.close();
    }
  }

  boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Ends the loading, and returns once the new store is closed. */
  void end() {
    ended.countDown();
    Upstream open = upstream;
    if (open != null) {
      open.close();
    }
    try {
      returned.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean await(Duration time) {
    try {
      return !ended.await(time.toNanos(), TimeUnit.NANOSECONDS) && !closed.getAsBoolean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
