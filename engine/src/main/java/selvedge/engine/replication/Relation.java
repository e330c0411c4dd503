package selvedge.engine.replication;

import java.io.IOException;
import java.util.Optional;
import selvedge.model.Version;

/** How the changes of a store relate to those of the server that it follows. */
public sealed interface Relation {

  /** The other server has all changes of this store. */
  record Contained() implements Relation {}

  /** The other server has no further changes and lacks some changes of this store. */
  record Behind(Version version) implements Relation {}

  /** The other server is of an epoch that this store has continued under a newer one. */
  record Past(long epoch) implements Relation {}

  /**
   * Both have, or may have, changes that the other one lacks, after the version up to which they
   * are known to agree.
   */
  record Forked(Version agreed) implements Relation {}

  /** The other server belongs to another cluster. */
  record Foreign(ClusterId own, ClusterId other) implements Relation {}

  /** Compares a store with the server that it follows. */
  static Relation of(Descent own, Descent other) {
    if (!own.cluster().equals(other.cluster())) {
      return new Foreign(own.cluster(), other.cluster());
    }
    return within(own, other);
  }

  /**
   * Returns the relation to the other server if its snapshot may replace the store.
   *
   * <p>Throws an {@link IOException} if the other server is behind the store, if another server has
   * continued the changes of the other server, or if it belongs to another cluster.
   *
   * @param name of the other server, for messages
   */
  static Relation requireNewer(Descent own, Descent other, String name) throws IOException {
    Relation relation = of(own, other);
    switch (relation) {
      case Behind(var version) ->
          throw new IOException(
              name
                  + " is behind this server, which waits for it: it is at version "
                  + version
                  + ", and here is version "
                  + own.latest());
      case Past(long epoch) ->
          throw new IOException(
              name
                  + " is of epoch "
                  + epoch
                  + ", which another server has continued: follow that server");
      case Foreign(var ownCluster, var otherCluster) ->
          throw new ForeignException(
              name
                  + " belongs to the cluster "
                  + otherCluster
                  + ", and this server to the cluster "
                  + ownCluster
                  + ", so nothing is taken from it");
      case Contained _, Forked _ -> {}
    }
    return relation;
  }

  /** Compares two stores that belong to one cluster. */
  static Relation within(Descent own, Descent other) {
    Ends ends = ends(own, other);
    if (ends.contained()) {
      return new Contained();
    }
    if (own.lineage().lastOf(other.epoch()).isPresent()) {
      return new Past(other.epoch());
    }
    return ends.behind() ? new Behind(other.latest()) : new Forked(ends.agreed());
  }

  /**
   * Returns the last version up to which two stores of one cluster are known to have the same
   * changes.
   */
  static Version agreed(Descent own, Descent other) {
    return ends(own, other).agreed();
  }

  private static Ends ends(Descent own, Descent other) {
    return own.openings().isEmpty() || other.openings().isEmpty()
        ? byEpochs(own, other)
        : byOpenings(own, other);
  }

  /**
   * Where the newest common part of two stores ends in each of them.
   *
   * @param ownIsNewest whether this store has no changes after that part
   * @param otherIsNewest whether the other store has no changes after that part
   */
  record Ends(Version own, boolean ownIsNewest, Version other, boolean otherIsNewest) {
    boolean contained() {
      return ownIsNewest && own.compareTo(other) <= 0;
    }

    boolean behind() {
      return otherIsNewest && other.compareTo(own) <= 0;
    }

    Version agreed() {
      return earlier(own, other);
    }
  }

  /**
   * Compares by openings. Without a common one, this store is not contained, because nothing proves
   * it. Another store that is older than all openings here is taken for one that is behind: to wait
   * for it deletes nothing.
   */
  private static Ends byOpenings(Descent own, Descent other) {
    for (Openings.Opening each : own.openings().all()) {
      Optional<Version> end = other.openings().end(each.id(), other.latest());
      if (end.isPresent()) {
        return new Ends(
            own.openings().end(each.id(), own.latest()).orElseThrow(),
            each.id() == own.openings().newest(),
            end.get(),
            each.id() == other.openings().newest());
      }
    }
    Version agreed = beforeOpenings(own, other);
    boolean otherIsOld = other.latest().compareTo(own.openings().before()) <= 0;
    return new Ends(agreed, false, agreed, otherIsOld);
  }

  /**
   * Returns the last version that two stores without a common opening are known to have in common.
   * If one of them has dropped openings, the fork may be older than any change of the other one.
   */
  private static Version beforeOpenings(Descent own, Descent other) {
    if (own.openings().isFull() || other.openings().isFull()) {
      return Version.NONE;
    }
    Version before = earlier(own.openings().before(), other.openings().before());
    return earlier(before, byEpochs(own, other).agreed());
  }

  private static Version earlier(Version one, Version other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Compares by epochs, because a program of an earlier version records no openings. */
  private static Ends byEpochs(Descent own, Descent other) {
    long epoch = other.knows(own.epoch()) ? own.epoch() : other.epoch();
    return new Ends(
        end(own, epoch), own.epoch() == epoch, end(other, epoch), other.epoch() == epoch);
  }

  private static Version end(Descent descent, long epoch) {
    return descent.epoch() == epoch
        ? descent.latest()
        : descent.lineage().lastOf(epoch).orElse(Version.NONE);
  }
}
