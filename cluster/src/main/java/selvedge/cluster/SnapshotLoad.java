package selvedge.cluster;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.edge.Selection;
import selvedge.engine.edge.StoreLoader;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;
import selvedge.model.tls.Trust;
import selvedge.server.config.Config;
import selvedge.server.edge.Upstream;
import selvedge.server.tls.OutgoingTls;

/**
 * Loads the store of the leader for a voter that was away for longer than the log reaches back. The
 * next start puts the loaded store in place. Ratis asks again and again; one thread loads.
 */
final class SnapshotLoad {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoad.class);

  private final Config config;
  private final StoreOpener stores;
  private final LogMark loaded;
  private final AtomicBoolean started = new AtomicBoolean();

  SnapshotLoad(Config config, InstantSource clock, RandomGenerator random) throws IOException {
    this.config = config;
    this.stores =
        new StoreOpener(
            new StoreDirectory(config.data(), config.encryption()), config.limits(), clock, random);
    this.loaded = new LogMark(file());
  }

  private Path file() {
    return config.data().resolve("voter.loaded");
  }

  /**
   * Puts a loaded store in place, which must be complete, and records how far it is in the log. The
   * mark comes last: a store that is ahead of its mark skips what it has.
   */
  void install(LogMark mark) throws IOException {
    TermIndex place = loaded.place();
    if (place == null) {
      return;
    }
    if (stores.directory().isLoading() && isDamaged()) {
      stores.directory().install();
    } else if (stores.directory().isLoading()) {
      Optional<Path> kept = new StoreReplacement(stores).install();
      kept.ifPresent(path -> LOG.warn("the store that was replaced is kept in {}", path));
    }
    mark.set(place);
    Files.delete(file());
    SyncedFiles.syncNames(config.data());
    LOG.info("the loaded store is in use");
  }

  /** Returns whether the store in use is damaged. All that it may have had is in the log, too. */
  private boolean isDamaged() {
    if (!stores.hasStore()) {
      return false;
    }
    try (RocksStore store = stores.open()) {
      return store.damagedTable().isPresent();
    } catch (StoreDamagedException _) {
      return true;
    }
  }

  /**
   * Starts to load in the background, once.
   *
   * @param first the first entry that the log of the leader has; its store has that entry
   * @param done receives that the store is loaded
   */
  void start(URI leader, Descent own, TermIndex first, Runnable done) {
    start(
        () -> {
          if (load(leader, own)) {
            loaded.set(first);
            done.run();
          }
        });
  }

  /** Work that loads a store. */
  interface Work {
    void run() throws IOException;
  }

  /** Starts work in the background, unless an earlier one was started and has not failed. */
  void start(Work work) {
    if (started.compareAndSet(false, true)) {
      Thread.ofPlatform().name("selvedge-voter-snapshot").daemon().start(() -> run(work));
    }
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      LOG.error("the store of the leader cannot be loaded; another attempt follows", e);
      started.set(false);
    }
  }

  /**
   * Loads the store of the leader for a voter without a store. The next {@link #install} puts it in
   * place.
   *
   * @param place in the log that the store of the leader had reached before this call
   */
  void loadFirst(URI leader, TermIndex place) throws IOException {
    if (loaded.place() == null && !stores.hasStore()) {
      loadAgain(leader, place);
    }
  }

  /** As {@link #loadFirst}, for a voter whose store is to be replaced. */
  void loadAgain(URI leader, TermIndex place) throws IOException {
    if (!load(leader, null)) {
      throw new IllegalStateException("the server stopped before the store was loaded");
    }
    loaded.set(place);
  }

  private boolean load(URI leader, @Nullable Descent own) {
    Trust trust =
        new OutgoingTls(config.authorities(), config.peerCertificate(), config.peerKey()).get();
    var options =
        new Upstream.Options(
            List.of(leader),
            config.originToken().isEmpty() ? config.rootToken() : config.originToken(),
            config.cached(),
            config.limits().seconds(Limit.HEARTBEAT_SECONDS).multipliedBy(3));
    try (var upstream =
        new Upstream(
            options, System::nanoTime, () -> Bytes.utf8("{}"), () -> trust, Optional::empty)) {
      return new StoreLoader(
              stores, Selection.EVERYTHING, null, SnapshotLoad::pause, new Progress())
          .load(upstream, own);
    }
  }

  private static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Logs what happens. */
  private static final class Progress implements StoreLoader.Progress {
    @Override
    public void started(boolean continued) {
      LOG.info("this voter loads the store of the leader");
    }

    @Override
    public void received(long entries) {}

    @Override
    public void failed(String reason) {
      LOG.warn("the store of the leader is not loaded yet: {}", reason);
    }

    @Override
    public void completed(Version version) {
      LOG.info("loaded everything up to version {}", version);
    }
  }
}
