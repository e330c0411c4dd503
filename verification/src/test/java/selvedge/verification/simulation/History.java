package selvedge.verification.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Openings;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * Everything that origins have decided: a tree of openings, each with the state of the keys at each
 * of its versions.
 */
final class History {
  private final World world;
  private final Map<Long, Branch> branches = new HashMap<>();
  private final Map<Given, Change> given = new HashMap<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();

  /** The changes from one opening to the next. */
  static final class Branch {
    private final @Nullable Branch parent;
    private final Version after;

    /** The epoch of the branch, and those that it goes on from. */
    private final Set<Long> epochs;

    private final long epoch;
    private final TreeMap<Version, Map<Key, Entry>> states = new TreeMap<>();
    private final TreeMap<Version, Change> begun = new TreeMap<>();
    private final Set<Version> failed = new HashSet<>();

    private Branch(@Nullable Branch parent, long epoch, Version after, Map<Key, Entry> state) {
      this.parent = parent;
      this.epoch = epoch;
      this.epochs = new HashSet<>(parent == null ? Set.of() : parent.epochs);
      this.epochs.add(epoch);
      this.after = after;
      states.put(after, state);
    }
  }

  /** A version of an epoch. */
  private record Given(long epoch, Version version) {}

  /** A version that a client received. */
  record Acknowledged(long time, long opening, Version version) {}

  History(World world) {
    this.world = world;
    branches.put(0L, new Branch(null, 0, Version.NONE, Map.of()));
  }

  /** A backup was restored, which has begun a new lineage. */
  void restored(Descent store) {
    Openings.Opening newest = store.openings().all().getFirst();
    Branch branch = open(store.openings().all().get(1).id(), newest);
    branch.states.put(store.latest(), branch.states.lastEntry().getValue());
  }

  /** Prepares for the changes of a store that an origin opens: its newest change counts. */
  void opened(Descent store) {
    Branch branch = branch(store);
    durable(store.openings().newest(), store.latest());
    branch.begun.clear();
    branch.failed.clear();
    if (!branch.states.containsKey(store.latest())) {
      throw new Violation("a store opens at " + store.latest() + ", which was never decided");
    }
  }

  /** Returns the epoch of an opening. */
  long epoch(long opening) {
    return known(opening).epoch;
  }

  /** Returns the branch of the newest opening of a store. */
  private Branch branch(Descent store) {
    return known(store.openings().newest());
  }

  private Branch known(long opening) {
    Branch branch = branches.get(opening);
    if (branch == null) {
      throw new Violation("opening " + opening + " was never made");
    }
    return branch;
  }

  /**
   * An origin begins to commit changes.
   *
   * @param copied whether the store is a copy whose versions another one may have given
   * @return the opening to which the last of them belongs
   */
  long begin(long opening, List<Change> changes, boolean copied) {
    long newest = opening;
    Branch branch = known(opening);
    branch.begun.keySet().removeAll(branch.failed);
    branch.failed.clear();
    for (Change change : changes) {
      Optional<Openings.Opening> opened = NewLineage.opening(change);
      if (opened.isPresent()) {
        durableBefore(newest, change);
        open(newest, opened.get());
        newest = opened.get().id();
      }
      known(newest).begun.tailMap(change.version(), true).clear();
      known(newest).begun.put(change.version(), change);
      if (!copied) {
        requireFresh(known(newest), change);
      }
    }
    return newest;
  }

  /** Changes fail: only a crash before the next changes leaves them on the disk. */
  void failed(long opening, List<Change> changes) {
    Branch branch = known(opening);
    for (Change change : changes) {
      branch.failed.add(change.version());
      if (branch.states.remove(change.version()) != null) {
        branch.begun.put(change.version(), change);
      }
    }
  }

  /** Changes of the same batch before an opening become durable with it. */
  private void durableBefore(long opening, Change change) {
    durable(opening, new Version(change.version().number() - 1));
  }

  private Branch open(long parent, Openings.Opening opening) {
    Branch from = known(parent);
    Map.Entry<Version, Map<Key, Entry>> base = from.states.floorEntry(opening.after());
    var branch =
        new Branch(
            from, opening.epoch(), opening.after(), base == null ? Map.of() : base.getValue());
    branches.put(opening.id(), branch);
    return branch;
  }

  /** A version must not be given again in the same lineage, nor in one that goes on from it. */
  private void requireFresh(Branch branch, Change change) {
    for (long epoch : branch.epochs) {
      Change other = given.get(new Given(epoch, change.version()));
      if (other != null && !other.equals(change)) {
        throw new Violation("version " + change.version() + " is given twice");
      }
    }
  }

  /** The changes of an opening up to a version are on the disk of the origin. */
  void durable(long opening, Version until) {
    Branch branch = known(opening);
    NavigableMap<Version, Change> now = branch.begun.headMap(until, true);
    for (Change change : now.values()) {
      given.put(new Given(branch.epoch, change.version()), change);
      Map<Key, Entry> state = branch.states.lastEntry().getValue();
      if (!change.namespace().equals(NamespaceId.SYSTEM)) {
        state = new HashMap<>(state);
        apply(change, state);
      }
      branch.states.put(change.version(), state);
    }
    now.clear();
  }

  private static void apply(Change change, Map<Key, Entry> state) {
    switch (change.mutation()) {
      case Mutation.Put(var key, var value, var metadata, var expiry, var _) ->
          state.put(key, new Entry(key, value.bytes(), metadata, expiry, change.version()));
      case Mutation.Delete(var key) -> state.remove(key);
      case Mutation.Clear(Bytes prefix) ->
          state.keySet().removeIf(key -> key.bytes().startsWith(prefix));
    }
  }

  /** A client receives a version. */
  void acknowledge(long opening, Version version) {
    acknowledged.add(new Acknowledged(world.now(), opening, version));
  }

  /** Returns the newest acknowledged version of an opening. */
  Version acknowledged(long opening) {
    for (int i = acknowledged.size() - 1; i >= 0; i--) {
      if (acknowledged.get(i).opening() == opening) {
        return acknowledged.get(i).version();
      }
    }
    return Version.NONE;
  }

  /** Returns the newest version that a client had received by a time. */
  Optional<Acknowledged> acknowledgedBy(long time) {
    for (int i = acknowledged.size() - 1; i >= 0; i--) {
      if (acknowledged.get(i).time() <= time) {
        return Optional.of(acknowledged.get(i));
      }
    }
    return Optional.empty();
  }

  /** Returns the state of the keys in a store. */
  Map<Key, Entry> at(Descent store) {
    Map<Key, Entry> state = branch(store).states.get(store.latest());
    if (state == null) {
      throw new Violation(
          "version " + store.latest() + " of the newest opening there was never made durable");
    }
    return state;
  }

  /** Returns the state of the keys in a store when it had an older version. */
  Map<Key, Entry> at(Descent store, Version version) {
    Branch branch = branch(store);
    while (branch.parent != null && version.compareTo(branch.after) <= 0) {
      branch = branch.parent;
    }
    Map.Entry<Version, Map<Key, Entry>> state = branch.states.floorEntry(version);
    return state == null ? Map.of() : state.getValue();
  }

  /** Returns whether a store has a version of an opening. */
  static boolean has(Descent store, long opening, Version version) {
    return store
        .openings()
        .end(opening, store.latest())
        .filter(end -> end.compareTo(version) >= 0)
        .isPresent();
  }

  /** Returns whether an opening goes on from all that a store has. */
  boolean continues(long opening, Descent store) {
    Branch own = branch(store);
    Version end = store.latest();
    for (Branch each = branches.get(opening); each != null; each = each.parent) {
      if (each.parent == own) {
        return each.after.compareTo(end) >= 0;
      }
    }
    return false;
  }
}
