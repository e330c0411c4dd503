package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Relation;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.InvalidRequestException;
import selvedge.model.Version;
import selvedge.server.edge.Upstream;

/** Turns the data directory of an origin into one of an edge. Used by one thread. */
final class Demotion {
  private static final Logger LOG = LoggerFactory.getLogger(Demotion.class);

  private final Path data;
  private final StoreOpener stores;
  private final FollowedOrigin followed;
  private final EdgeStore edgeStore;

  Demotion(Path data, StoreOpener stores, FollowedOrigin followed, EdgeStore edgeStore) {
    this.data = data;
    this.stores = stores;
    this.followed = followed;
    this.edgeStore = edgeStore;
  }

  /**
   * Marks the directory as one of an edge and loads what its store lacks. Throws an {@link
   * InvalidRequestException} if the store has changes that the new origin does not have.
   */
  void demote(Upstream upstream) {
    Descent own;
    Version shared;
    boolean unseen;
    try (RocksStore store = stores.open()) {
      own = Descent.of(store);
      shared = shared(upstream, own);
      unseen = new StoreReplacement(stores).hasChanges(store, shared);
    }
    if (unseen) {
      throw new InvalidRequestException(
          data
              + " has changes that "
              + followed.address()
              + " has not seen, the versions after "
              + shared
              + " up to "
              + own.latest()
              + ". Keep them by: selvedge export --data "
              + data
              + " --after "
              + shared
              + " > unseen.ndjson; then start with an empty directory");
    }
    LOG.info("{} was an origin and follows {} from now on", data, followed.address());
    followed.mark();
    if (own.latest().compareTo(shared) > 0) {
      edgeStore.replace(own);
    }
  }

  /** Returns the last version up to which store and origin are known to have the same changes. */
  private Version shared(Upstream upstream, Descent own) {
    try {
      Descent other = upstream.descent();
      return switch (Relation.of(own, other)) {
        case Relation.Contained _ -> own.latest();
        case Relation.Forked _, Relation.Behind _ -> Relation.agreed(own, other);
        case Relation.Past _, Relation.Foreign _ ->
            throw new InvalidRequestException(
                data
                    + " belongs to an origin that "
                    + followed.address()
                    + " does not continue (cluster "
                    + own.cluster()
                    + ", there "
                    + other.cluster()
                    + "): start it without --origin, or give another directory by --data");
      };
    } catch (IOException e) {
      throw new UncheckedIOException(
          data
              + " belongs to an origin, and "
              + followed.address()
              + ", with which it must be compared before it becomes an edge, cannot be reached:"
              + " start it without --origin if it is to stay the origin",
          e);
    }
  }
}
