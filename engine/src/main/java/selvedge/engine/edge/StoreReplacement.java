package selvedge.engine.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Relation;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Puts a loaded store in the place of the one in use without a loss of changes.
 *
 * <p>Used by one thread at a time. Both stores must be closed.
 */
public final class StoreReplacement {

  /** The entry of the system namespace that an origin writes only to measure delays. */
  public static final Key CANARY = Key.of("canary");

  private final StoreOpener stores;
  private final StoreDirectory directory;
  private final Limits limits;

  public StoreReplacement(StoreOpener stores) {
    this.stores = stores;
    this.directory = stores.directory();
    this.limits = stores.limits();
  }

  /**
   * Puts the loaded store in place. If the store in use has changes that the loaded one lacks, it
   * is kept beside it.
   *
   * <p>Throws an {@link IOException} if the loaded store must not replace the one in use. Then the
   * store in use stays, and the loaded one is deleted.
   *
   * @return the path of the store that is kept because no other store has its changes; empty if
   *     none is kept
   */
  public Optional<Path> install() throws IOException {
    if (!stores.hasStore()) {
      directory.install();
      return Optional.empty();
    }
    Descent loaded = stores.loadedDescent();
    Descent own;
    Instant trusted;
    Optional<Version> agreed = Optional.empty();
    try (RocksStore store = stores.open()) {
      own = Descent.of(store);
      trusted = store.trustedAt();
      Relation relation = requireNewer(own, loaded);
      if (relation instanceof Relation.Forked(var version) && hasChanges(store, version)) {
        agreed = Optional.of(version);
      }
    }
    stores.keepTrustedTime(trusted);
    if (agreed.isEmpty()) {
      directory.install();
      return Optional.empty();
    }
    return Optional.of(directory.installBeside(agreed.get(), own.latest()));
  }

  private Relation requireNewer(Descent own, Descent loaded) throws IOException {
    try {
      Relation relation = Relation.requireNewer(own, loaded, "the snapshot that was loaded");
      if (relation instanceof Relation.Forked(var agreed) && own.epoch() == loaded.epoch()) {
        throw new IOException(
            "the snapshot that was loaded has other changes after version "
                + agreed
                + " under the same epoch: the server that it came from must begin a new lineage");
      }
      return relation;
    } catch (IOException e) {
      directory.forget();
      throw e;
    }
  }

  /**
   * Returns whether a client has made changes after a version. Entries that servers write to
   * measure delays or to distinguish openings do not count.
   */
  public boolean hasChanges(RocksStore store, Version after) {
    Version reached = after;
    while (store.latest().compareTo(reached) > 0) {
      if (!(store.read(reached, limits.size(Limit.FEED_PAGE_CHANGES))
              instanceof FeedRead.Changes(List<Change> changes))
          || !changes.stream().allMatch(StoreReplacement::isUpkeep)) {
        return true;
      }
      reached = changes.getLast().version();
    }
    return false;
  }

  private static boolean isUpkeep(Change change) {
    return NewLineage.opening(change).isPresent()
        || (change.namespace().equals(NamespaceId.SYSTEM)
            && change.mutation() instanceof Mutation.Put put
            && put.key().equals(CANARY));
  }

  /**
   * Checks that another store can be kept beside the one in use.
   *
   * <p>Throws an {@link IOException} if the limit of kept stores is reached, or if the disk has no
   * space for one more.
   */
  public void requireRoomBeside() throws IOException {
    List<String> unseen = directory.unseen();
    if (unseen.size() >= limits.get(Limit.UNSEEN_STORES)) {
      throw new IOException(
          "there are "
              + unseen.size()
              + " stores with changes that no other server has, as many as unseen-stores allows ("
              + String.join(", ", unseen)
              + "): export and delete one of them");
    }
    long free = Files.getFileStore(directory.store()).getUsableSpace();
    long needed = directory.storeBytes() + limits.get(Limit.DISK_RESERVE_BYTES);
    if (free < needed) {
      throw new IOException(
          "to keep the changes here that no other server has, loading a snapshot beside them takes "
              + needed
              + " bytes of disk, and "
              + free
              + " are free");
    }
  }
}
