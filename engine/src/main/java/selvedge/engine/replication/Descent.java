package selvedge.engine.replication;

import java.util.List;
import java.util.Optional;
import selvedge.engine.store.Store;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** The origin of a store's changes: epoch, lineage and openings, and the newest version. */
public record Descent(long epoch, Version latest, Lineage lineage, Openings openings) {

  /**
   * Reads the descent of a store. The store may have newer changes by the time this returns.
   *
   * <p>The epoch is that of the newest opening if the store has not taken it yet.
   */
  public static Descent of(Store store) {
    Version latest = store.latest();
    Descent read =
        new Descent(
            store.epoch(),
            latest,
            read(store, Lineage.KEY).map(Lineage::parse).orElse(Lineage.NONE),
            read(store, Openings.KEY).map(Openings::parse).orElse(Openings.NONE));
    return read.lineage.lastOf(read.epoch).isPresent() && read.beginsLineage()
        ? new Descent(read.newestEpoch(), latest, read.lineage, read.openings)
        : read;
  }

  /** Returns whether the newest opening is of an epoch that has not ended. */
  private boolean beginsLineage() {
    return !openings.isEmpty() && lineage.lastOf(newestEpoch()).isEmpty();
  }

  private long newestEpoch() {
    return openings.all().getFirst().epoch();
  }

  private static Optional<String> read(Store store, Key key) {
    return store.get(NamespaceId.SYSTEM, key) instanceof Lookup.Found found
        ? Optional.of(found.entry().value().bytes()).map(Bytes::utf8)
        : Optional.empty();
  }

  /**
   * Returns the descent of a reader that has the changes up to a version and knows the newest of
   * their openings only.
   */
  public Descent upTo(Version version) {
    return openings.all().stream()
        .filter(each -> each.first().compareTo(version) <= 0)
        .findFirst()
        .map(each -> at(each, version))
        .orElseGet(() -> new Descent(epochOf(version), version, Lineage.NONE, Openings.NONE));
  }

  /** Returns the descent of a reader that has received the first change of an opening. */
  public static Descent at(Openings.Opening opening) {
    return at(opening, opening.first());
  }

  private static Descent at(Openings.Opening opening, Version version) {
    return new Descent(opening.epoch(), version, Lineage.NONE, new Openings(List.of(opening)));
  }

  private long epochOf(Version version) {
    return lineage.ancestors().reversed().stream()
        .filter(each -> version.compareTo(each.last()) <= 0)
        .mapToLong(Lineage.Ancestor::epoch)
        .findFirst()
        .orElse(epoch);
  }

  /** Returns the cluster that the store belongs to. */
  public ClusterId cluster() {
    return lineage.cluster(epoch);
  }

  /** Returns whether an epoch is that of the store or one of its ancestors. */
  public boolean knows(long other) {
    return other == epoch || lineage.lastOf(other).isPresent();
  }

  /** Returns whether a change of an epoch, which may be an older one, is part of the store. */
  public boolean has(long other, Version version) {
    Version last = other == epoch ? latest : lineage.lastOf(other).orElse(Version.NONE);
    return version.compareTo(last) <= 0;
  }

  /**
   * Returns whether a change of an opening is part of the store. Two openings of one epoch may have
   * given the same version to different changes, so the epoch alone proves it only where no
   * openings are recorded.
   *
   * @param opening the newest opening of a store that has the change; 0 if it has none
   */
  public boolean has(long other, long opening, Version version) {
    if (opening == 0 || openings.isEmpty()) {
      return has(other, version);
    }
    return openings.end(opening, latest).filter(end -> version.compareTo(end) <= 0).isPresent();
  }

  /**
   * Returns the epoch that the store must have: that of its newest opening, if the process was
   * killed between writing that opening and taking its epoch.
   *
   * <p>A replica of an earlier version may have the opening of a new lineage without the lineage.
   * It must keep its epoch until then, because the cluster is known by the lineage.
   *
   * @param announced the epoch of the server that is followed
   */
  private long due(long announced) {
    if (beginsLineage() && beginsCluster()) {
      return newestEpoch();
    }
    return lineage.lastOf(epoch).isEmpty() ? epoch : announced;
  }

  /** Returns whether no store has a past in common with this one. */
  private boolean beginsCluster() {
    return openings.all().size() == 1 && lineage.ancestors().isEmpty();
  }

  /**
   * Gives the store the epoch of its newest change.
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

  /** Gives the store the epoch of its newest change. */
  @WriterOnly
  public static void settle(Store store) {
    settle(store, store.epoch());
  }
}
