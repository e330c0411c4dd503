package selvedge.server.site;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.edge.StoreLoader;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.replication.Descent;
import selvedge.model.Bytes;
import selvedge.model.Version;
import selvedge.server.config.Config;
import selvedge.server.edge.Upstream;
import selvedge.server.metrics.SnapshotEvent;

/**
 * The store of an edge: loaded from a snapshot of its origin, and replaced by a newer one. Used by
 * one thread at a time.
 */
final class EdgeStore {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeStore.class);
  private static final long LOGGED_EVERY = 100_000;
  private static final Duration RETRY = Duration.ofSeconds(4);

  private final StoreOpener stores;
  private final FollowedOrigin followed;
  private final OriginConnections connections;
  private final LineageStatus status;
  private final Config config;
  private final StoreLoader.Pause pause;
  private final LoggedProgress progress = new LoggedProgress();

  EdgeStore(
      SiteContext context,
      FollowedOrigin followed,
      OriginConnections connections,
      LineageStatus status,
      StoreLoader.Pause pause) {
    this.stores = context.stores();
    this.followed = followed;
    this.connections = connections;
    this.status = status;
    this.config = context.config();
    this.pause = pause;
  }

  /**
   * Loads a store if there is none, or if the one in use lacks namespaces that it must have. Tries
   * again as long as what was loaded must not replace it: it would answer that their keys do not
   * exist.
   */
  void require() {
    while (isLacking()) {
      replace(stores.descent().orElse(null));
      if (isLacking() && !pause.await(RETRY)) {
        throw stopped();
      }
    }
  }

  private boolean isLacking() {
    return !stores.hasStore() || !followed.isInstalledAsConfigured();
  }

  private static IllegalStateException stopped() {
    return new IllegalStateException("the server stopped before there was a snapshot");
  }

  /** Loads a newer store in place of the one in use, which is closed and has the given lineage. */
  void replace(@Nullable Descent own) {
    if (!load(own, pause, _ -> {})) {
      throw stopped();
    }
    install();
  }

  /**
   * Fills a new store beside the one in use and returns whether it is complete; false if the pause
   * has ended the loading.
   *
   * @param own the lineage of the store in use; null if there is none
   * @param opened receives the connections, whose end breaks off what is being received
   */
  boolean load(@Nullable Descent own, StoreLoader.Pause during, Consumer<Upstream> opened) {
    if (!followed.isLoadedAsConfigured()) {
      stores.directory().forget();
    }
    followed.mark();
    try (Upstream upstream = connections.open(() -> Bytes.utf8("{}"))) {
      opened.accept(upstream);
      return new StoreLoader(
              stores, config.selection(), config.cluster().orElse(null), during, progress)
          .load(upstream, own);
    }
  }

  /** Reports why the loading of a store has failed. Another attempt follows. */
  void failed(Throwable failure) {
    LOG.debug("the loading of a store failed", failure);
    progress.failed(failure.toString());
  }

  /**
   * Puts the loaded store in the place of the one in use, which must be closed. A store with
   * changes that no other server has is kept beside it. If the loaded store must not replace the
   * one in use, that one stays. Does nothing if there is no loaded store, because the attempt
   * before has put it in place.
   */
  void install() {
    if (!stores.directory().isLoading()) {
      return;
    }
    boolean replaces = stores.hasStore();
    try {
      Optional<Path> kept = new StoreReplacement(stores).install();
      followed.installed();
      kept.ifPresent(this::warn);
      if (replaces) {
        LOG.info("the loaded store replaces the earlier one");
      }
    } catch (IOException e) {
      status.blocked(String.valueOf(e.getMessage()));
      LOG.warn("the store is not replaced: {}", e.getMessage());
    }
  }

  private void warn(Path kept) {
    LOG.warn(
        "this server had changes that {} may not have; they are kept in {}. Read them by: selvedge"
            + " export --data {} --store {} --after (the first number of its name); only an"
            + " operator deletes them",
        followed.address(),
        kept,
        kept.getParent(),
        kept.getFileName());
  }

  /** Logs the progress of a snapshot. A reason is logged once, however often it repeats. */
  private final class LoggedProgress implements StoreLoader.Progress {
    private String lastReason = "";
    private SnapshotEvent event = SnapshotEvent.begun(false);
    private long entries;

    @Override
    public void started(boolean continued) {
      event = SnapshotEvent.begun(false);
      entries = 0;
      LOG.info(continued ? "continuing an interrupted snapshot" : "loading a snapshot");
    }

    @Override
    public void received(long count) {
      entries = count;
      if (count % LOGGED_EVERY == 0) {
        LOG.info("{} entries loaded", count);
      }
    }

    @Override
    public void failed(String reason) {
      event.ended(entries, false);
      status.blocked(reason);
      if (!reason.equals(lastReason)) {
        LOG.warn("no snapshot yet, trying again: {}", reason);
        lastReason = reason;
      }
    }

    @Override
    public void completed(Version version) {
      event.ended(entries, true);
      status.blocked("");
      LOG.info("loaded everything up to version {}", version);
    }
  }
}
