package selvedge.engine.replication;

import java.util.Optional;
import selvedge.model.Version;

/** How the changes of one server are related to those of the server that it follows. */
public sealed interface Relation {

  /** The other server has all changes that are here. */
  record Contained() implements Relation {}

  /** The other server has nothing that is not here, and lacks something that is. */
  record Behind(Version version) implements Relation {}

  /** The other server is of an epoch from which the server here has gone on. */
  record Past(long epoch) implements Relation {}

  /**
   * Each of both has changes that the other one lacks, after the version up to which both agree.
   */
  record Forked(Version agreed) implements Relation {}

  /** The other server belongs to another cluster. */
  record Foreign(ClusterId here, ClusterId there) implements Relation {}

  /** Compares what is here with what the server has that is followed. */
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

  /** The last version up to which two stores of one cluster have the same changes. */
  static Version agreed(Descent here, Descent there) {
    return ends(here, there).agreed();
  }

  private static Ends ends(Descent here, Descent there) {
    return here.openings().isEmpty() || there.openings().isEmpty()
        ? byEpochs(here, there)
        : byOpenings(here, there);
  }

  /**
   * Where the newest part that two stores share ends in either of them.
   *
   * @param newestHere whether the store here has nothing after that part
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

  /** An older program names no openings, and a store that it has written may have none. */
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
