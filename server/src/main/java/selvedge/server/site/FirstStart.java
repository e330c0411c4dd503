package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Config;

/**
 * Decides whether a server may start on a directory. A server that must belong to a cluster starts
 * on no other store, and begins a new cluster only once. Used by one thread.
 *
 * <p>The first start of a cluster is recorded beside the directory, so that a lost directory is not
 * mistaken for one of a first start.
 */
final class FirstStart {
  private final Config config;
  private final StoreOpener stores;

  FirstStart(Config config, StoreOpener stores) {
    this.config = config;
    this.stores = stores;
  }

  /** Throws if an origin must not start on this directory. */
  void require() {
    if (stores.hasStore()) {
      requireConfigured();
      return;
    }
    if (stores.directory().isRestoring()) {
      throw new InvalidRequestException(
          "a restore of a backup to "
              + config.data()
              + " was interrupted: run selvedge backup restore again");
    }
    if (config.newCluster()) {
      requireNeverStarted();
      record();
      config.cluster().ifPresent(this::begin);
    } else if (config.cluster().isPresent()) {
      throw new InvalidRequestException(
          config.data()
              + " has no store, and cluster-id says that it must hold the cluster "
              + config.cluster().get()
              + ": restore a backup with selvedge backup restore, promote an edge, or begin a new"
              + " cluster with --new-cluster");
    }
  }

  /** Throws if the store belongs to another cluster than the configured one. */
  void requireConfigured() {
    Optional<ClusterId> configured = config.cluster();
    if (configured.isEmpty()) {
      return;
    }
    Optional<ClusterId> own = stores.descent().map(Descent::cluster);
    if (own.isPresent() && !own.equals(configured)) {
      throw new InvalidRequestException(
          config.data()
              + " belongs to the cluster "
              + own.get()
              + ", and cluster-id names the cluster "
              + configured.get());
    }
  }

  private void requireNeverStarted() {
    if (!isEmpty()) {
      throw new InvalidRequestException(
          "new-cluster acts only on an empty directory, and " + config.data() + " is not empty");
    }
    if (Files.exists(started())) {
      throw new InvalidRequestException(
          "new-cluster has begun a cluster in "
              + config.data()
              + " before, as "
              + started()
              + " records, and the directory is empty now: restore a backup with selvedge backup"
              + " restore; to begin another cluster, delete that file");
    }
  }

  private boolean isEmpty() {
    if (!Files.exists(config.data())) {
      return true;
    }
    try (Stream<Path> all = Files.list(config.data())) {
      return all.allMatch(each -> each.endsWith("lost+found"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + config.data(), e);
    }
  }

  /** Returns the path of the record, which remains if the directory is lost. */
  private Path started() {
    Path data = config.data().toAbsolutePath().normalize();
    return data.resolveSibling("." + data.getFileName() + ".started");
  }

  private void record() {
    try {
      Files.createDirectories(config.data().toAbsolutePath().resolveSibling("."));
      Files.writeString(started(), "a cluster was begun at " + stores.clock().instant() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "new-cluster needs a record beside the data directory, and cannot write " + started(), e);
    }
  }

  /** Creates a store of the configured cluster. */
  private void begin(ClusterId cluster) {
    try {
      Files.createDirectories(config.data());
      try (RocksStore store = stores.open()) {
        store.adopt(cluster.number());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + config.data(), e);
    }
  }
}
