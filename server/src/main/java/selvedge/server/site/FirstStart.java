package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.model.InvalidRequestException;
import selvedge.server.config.Config;

/**
 * Decides whether a server may start on a directory. A server that must belong to a cluster starts
 * on no other store. Used by one thread.
 *
 * <p>An empty directory always gets a cluster with a new identity. Under the identity of a lost
 * cluster, the edges would take an empty store for a newer one.
 *
 * <p>The first start of an origin is recorded beside the directory, so that a lost directory is not
 * mistaken for one of a first start.
 */
final class FirstStart {
  private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

  private final Config config;
  private final StoreOpener stores;

  FirstStart(Config config, StoreOpener stores) {
    this.config = config;
    this.stores = stores;
  }

  /** Throws if an origin must not start on this directory, and records the start otherwise. */
  void require() {
    if (stores.hasStore()) {
      requireConfigured();
    } else {
      requireFirst();
    }
    record();
  }

  /** Throws if a voter must not start on this directory. One that joins gets its data later. */
  void requireVoter() {
    requireConfigured();
    if (!stores.hasStore() && config.voting().join().isEmpty()) {
      requireUnnamed();
    }
  }

  private void requireFirst() {
    requireRestored();
    requireUnnamed();
    if (config.newCluster()) {
      requireNeverStarted();
    }
  }

  /** Throws if the configuration says whose data an empty directory must hold. */
  private void requireUnnamed() {
    if (config.cluster().isPresent()) {
      throw new InvalidRequestException(
          config.data()
              + " has no store, and cluster-id says that it must hold the cluster "
              + config.cluster().get()
              + ": restore a backup with selvedge backup restore, promote an edge, or let a voter"
              + " join the others with --join. To begin a new cluster, which the edges of that one"
              + " do not follow, remove cluster-id");
    }
  }

  private void requireRestored() {
    if (stores.directory().isRestoring()) {
      throw new InvalidRequestException(
          "a restore of a backup to "
              + config.data()
              + " was interrupted: run selvedge backup restore again");
    }
  }

  /** Throws if the store belongs to another cluster than the configured one, or is incomplete. */
  void requireConfigured() {
    requireRestored();
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
          "new-cluster acts only at a first start, and an origin has started on "
              + config.data()
              + " before, as "
              + started()
              + " records: restore a backup with selvedge backup restore, or promote an edge. To"
              + " begin a new cluster, which the edges of that one do not follow, start without"
              + " new-cluster");
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
    if (Files.exists(started())) {
      return;
    }
    try {
      SyncedFiles.createDirectories(started().resolveSibling(""));
      SyncedFiles.write(
          started(),
          List.of("an origin started in " + config.data() + " at " + stores.clock().instant()));
    } catch (IOException e) {
      notRecorded(e);
    }
  }

  private void notRecorded(IOException failure) {
    if (stores.hasStore()) {
      LOG.debug("cannot write {}", started(), failure);
    } else if (config.newCluster()) {
      throw new UncheckedIOException(
          "new-cluster records the first start beside the data directory, and cannot write "
              + started()
              + ": start without new-cluster",
          failure);
    } else {
      LOG.warn(
          "cannot write {}, which records the first start ({}): set cluster-id, so that a lost data"
              + " directory is not mistaken for one of a first start",
          started(),
          String.valueOf(failure));
    }
  }
}
