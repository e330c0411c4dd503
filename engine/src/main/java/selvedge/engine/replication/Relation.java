package selvedge.engine.replication;

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

  /** Both have changes that the other one lacks, after the version up to which they agree. */
  record Forked(Version agreed) implements Relation {}

  /** The other server belongs to another cluster. */
  record Foreign(ClusterId here, ClusterId there) implements Relation {}

  /** Compares a store with the server that it follows. */
  static Relation of(Descent here, Descent there) {
    if (!here.cluster().equals(there.cluster())) {
      return new Foreign(here.cluster(), there.cluster());
    }
    return within(here, there);
  }

  /** Compares two stores that belong to one cluster. */
  static Relation within(Descent here, Descent there) {
    Ends ends = ends(here, there);
    if (ends.contained()) {
      return new Contained();
    }
    if (here.lineage().lastOf(there.epoch()).isPresent()) {
      return new Past(there.epoch());
    }
    return ends.behind() ? new Behind(there.latest()) : new Forked(ends.agreed());
  }

  /** Returns the last version up to which two stores of one cluster have the same changes. */
  static Version agreed(Descent here, Descent there) {
    return ends(here, there).agreed();
  }

  private static Ends ends(Descent here, Descent there) {
    return here.openings().isEmpty() || there.openings().isEmpty()
        ? byEpochs(here, there)
        : byOpenings(here, there);
  }

  /**
   * Where the newest common part of two stores ends in each of them.
   *
   * @param newestHere whether this store has no changes after that part
   * @param newestThere whether the other store has no changes after that part
   */
  record Ends(Version here, boolean newestHere, Version there, boolean newestThere) {
    boolean contained() {
      return newestHere && here.compareTo(there) <= 0;
    }

    boolean behind() {
      return newestThere && there.compareTo(here) <= 0;
    }

    Version agreed() {
      return here.compareTo(there) < 0 ? here : there;
    }
  }

  private static Ends byOpenings(Descent here, Descent there) {
    for (Openings.Opening each : here.openings().all()) {
      Optional<Version> end = there.openings().end(each.id(), there.latest());
      if (end.isPresent()) {
        return new Ends(
            here.openings().end(each.id(), here.latest()).orElseThrow(),
            each.id() == here.openings().newest(),
            end.get(),
            each.id() == there.openings().newest());
      }
    }
    boolean oldHere = here.latest().compareTo(there.openings().before()) <= 0;
    boolean oldThere = there.latest().compareTo(here.openings().before()) <= 0;
    return new Ends(
        oldHere ? here.latest() : here.openings().before(),
        oldHere,
        oldThere ? there.latest() : there.openings().before(),
        oldThere);
  }

  /** Compares by epochs, because a program of an earlier version records no openings. */
  private static Ends byEpochs(Descent here, Descent there) {
    long epoch = there.knows(here.epoch()) ? here.epoch() : there.epoch();
    return new Ends(
        end(here, epoch), here.epoch() == epoch, end(there, epoch), there.epoch() == epoch);
  }

  private static Version end(Descent descent, long epoch) {
    return descent.epoch() == epoch
        ? descent.latest()
        : descent.lineage().lastOf(epoch).orElse(Version.NONE);
  }
}
