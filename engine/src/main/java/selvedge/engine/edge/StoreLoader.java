package selvedge.engine.edge;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.ForeignException;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Relation;
import selvedge.engine.replication.Source;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.StorageFullException;
import selvedge.model.Version;

/**
 * Fills a new store beside the one in use from the snapshot of another server, and retries until
 * the new store is complete. Used by one thread at a time.
 *
 * <p>A snapshot that breaks off is continued, also by the next process. One that cannot be
 * continued is deleted before the next attempt.
 */
public final class StoreLoader {
  private static final Duration RETRY_FIRST = Duration.ofMillis(250);
  private static final Duration RETRY_MOST = Duration.ofSeconds(4);

  private final StoreOpener stores;
  private final Selection selection;
  private final @Nullable ClusterId cluster;
  private final Pause pause;
  private final Progress progress;
  private Duration retry = RETRY_FIRST;

  /** Waits on behalf of the loader. */
  public interface Pause {

    /** Waits for the given time and returns whether the loader must continue. */
    boolean await(Duration time);
  }

  /** Receives the progress of a loader, on the thread that loads. */
  public interface Progress {

    /**
     * Reports that an attempt starts.
     *
     * @param continued whether an earlier attempt has left entries that need not be sent again
     */
    void started(boolean continued);

    /** Reports how many entries this attempt has received. */
    void received(long entries);

    /** Reports why an attempt failed. Another attempt follows. */
    void failed(String reason);

    /** Reports that the new store is complete up to the version. */
    void completed(Version version);
  }

  /**
   * @param selection the namespaces that the new store has whole
   * @param cluster the cluster that the new store must belong to; null for any cluster
   */
  public StoreLoader(
      StoreOpener stores,
      Selection selection,
      @Nullable ClusterId cluster,
      Pause pause,
      Progress progress) {
    this.stores = stores;
    this.selection = selection;
    this.cluster = cluster;
    this.pause = pause;
    this.progress = progress;
  }

  /**
   * Fills the new store and returns true once it is complete, or false if the pause has ended the
   * loading. Failures of the source and a full disk are reported and retried.
   *
   * @param own the lineage of the store in use, from which the new store must descend; null if
   *     there is no store in use
   */
  public boolean load(Source source, @Nullable Descent own) {
    retry = RETRY_FIRST;
    while (true) {
      try {
        requireNewer(source, own);
        return fill(source, own);
      } catch (IOException | StorageFullException e) {
        if (!pauseAfter(e)) {
          return false;
        }
      }
    }
  }

  private boolean pauseAfter(Exception e) {
    progress.failed(String.valueOf(e.getMessage()));
    Duration wait = retry;
    retry = wait.compareTo(RETRY_MOST) < 0 ? wait.multipliedBy(2) : wait;
    return pause.await(wait);
  }

  private void requireNewer(Source source, @Nullable Descent own) throws IOException {
    if (own != null) {
      Relation relation = Relation.requireNewer(own, source.descent(), source.toString());
      if (relation instanceof Relation.Forked) {
        new StoreReplacement(stores).requireRoomBeside();
      }
    }
  }

  private boolean fill(Source source, @Nullable Descent own) throws IOException {
    progress.started(stores.directory().isLoading());
    try (RocksStore fresh = stores.openLoading();
        Bootstrap bootstrap =
            new Bootstrap(fresh, source, stores.limits(), stores.clock(), selection)) {
      boolean complete = complete(bootstrap, own);
      if (complete) {
        requireCluster(Descent.of(fresh).cluster());
        progress.completed(fresh.latest());
      }
      return complete;
    } catch (GoneException | ForeignException e) {
      stores.directory().forget();
      throw e;
    }
  }

  /** Uses one bootstrap for all attempts, because it has the first part of an interrupted value. */
  private boolean complete(Bootstrap bootstrap, @Nullable Descent own) throws IOException {
    while (true) {
      try {
        if (!bootstrap.isLoaded()) {
          bootstrap.load(own, progress::received);
        }
        while (!bootstrap.isComplete()) {
          Duration wait = bootstrap.follow();
          if (!pause.await(wait)) {
            return false;
          }
        }
        return true;
      } catch (GoneException | ForeignException e) {
        throw e;
      } catch (IOException e) {
        if (!pauseAfter(e)) {
          return false;
        }
      }
    }
  }

  /** Refuses a snapshot from a server that does not check the cluster of a request. */
  private void requireCluster(ClusterId loaded) throws ForeignException {
    if (cluster != null && !cluster.equals(loaded)) {
      throw new ForeignException(
          "the snapshot belongs to the cluster "
              + loaded
              + ", and cluster-id names "
              + cluster
              + ", so nothing is taken from it");
    }
  }
}
