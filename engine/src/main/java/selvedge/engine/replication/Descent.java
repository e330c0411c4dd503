package selvedge.engine.replication;

import java.util.Optional;
import selvedge.engine.store.Store;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** Where the changes of a store come from, and how far they go. */
public record Descent(long epoch, Version latest, Lineage lineage, Openings openings) {

  /** Reads it from a store, whose version is at least the one returned. */
  public static Descent of(Store store) {
    Version latest = store.latest();
    long epoch = store.epoch();
    return new Descent(
        epoch,
        latest,
        read(store, Lineage.KEY).map(Lineage::parse).orElse(Lineage.NONE),
        read(store, Openings.KEY).map(Openings::parse).orElse(Openings.NONE));
  }

  private static Optional<String> read(Store store, Key key) {
    return store.get(NamespaceId.SYSTEM, key) instanceof Lookup.Found found
        ? Optional.of(found.entry().value().bytes()).map(Bytes::utf8)
        : Optional.empty();
  }

  public ClusterId cluster() {
    return lineage.cluster(epoch);
  }

  /** Whether this is the epoch of the store or one that it goes on from. */
  public boolean knows(long other) {
    return other == epoch || lineage.lastOf(other).isPresent();
  }

  /**
   * The epoch that the store must have: that of its newest opening, if the process was killed
   * between writing that opening and taking its epoch.
   *
   * @param announced the epoch of the server that is followed
   */
  private long due(long announced) {
    if (!openings.isEmpty() && lineage.lastOf(openings.all().getFirst().epoch()).isEmpty()) {
      return openings.all().getFirst().epoch();
    }
    return lineage.lastOf(epoch).isEmpty() ? epoch : announced;
  }

  /**
   * Gives the store the epoch of its newest change. Belongs to the writer of the store.
   *
   * @param announced the epoch of the server that is followed
   */
  @WriterOnly
  public static void settle(Store store, long announced) {
    long due = Descent.of(store).due(announced);
    if (due != store.epoch()) {
      store.adopt(due);
    }
  }

  /** Gives the store the epoch of its newest change. Belongs to the writer of the store. */
  @WriterOnly
  public static void settle(Store store) {
    settle(store, store.epoch());
  }
}
