package selvedge.verification.simulation;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import selvedge.engine.Backup;
import selvedge.engine.encryption.MasterKeys;
import selvedge.verification.disk.SimulatedDisk;

/** What operators do to a cluster, for better or worse, while clients use it. */
final class Operator {
  private final World world;
  private final Cluster cluster;
  private final Map<Machine, SimulatedDisk> copies = new HashMap<>();
  private @Nullable Path backup;
  private boolean calm;

  /** The machines, of which one at a time is the origin. */
  interface Cluster {
    Machine origin();

    void origin(Machine machine);

    List<Machine> machines();

    /** Whether the store of a machine belongs to this cluster. */
    boolean isOwn(Machine machine);
  }

  Operator(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /** Does something that an operator may do in an emergency, or makes one. */
  void act() {
    switch (world.oneOf(6)) {
      case 0 -> copyByHand();
      case 1 -> restoreByHand();
      case 2 -> backUp();
      case 3 -> restore();
      case 4 -> loseDirectory();
      default -> promote();
    }
  }

  private void copyByHand() {
    Machine machine = anyMachine();
    if (cluster.isOwn(machine) && machine.stop()) {
      copies.put(machine, machine.disk().copy());
      world.note(machine, "is copied by hand");
    }
  }

  private Machine anyMachine() {
    return world.chance(0.5)
        ? cluster.origin()
        : cluster.machines().get(world.oneOf(cluster.machines().size()));
  }

  /** The documented way of older versions: a stopped directory is copied back. */
  private void restoreByHand() {
    Machine machine = anyMachine();
    SimulatedDisk copy = copies.get(machine);
    if (copy != null) {
      machine.stop();
      if (machine.isUp()) {
        return;
      }
      machine.replaceDisk(copy.copy(), true);
      world.note(machine, "gets an older directory");
    }
  }

  private void backUp() {
    Machine origin = cluster.origin();
    if (!origin.isRunning() || !cluster.isOwn(origin)) {
      return;
    }
    origin.run(
        () -> {
          Path data = origin.data();
          Path target = data.resolveSibling("backup-" + world.now());
          new Backup(Machine.LIMITS, origin, world.random, MasterKeys.NONE)
              .create(origin.rocks(), data.resolve("store"), target);
          backup = target;
          world.note(origin, "is backed up");
        });
  }

  private void restore() {
    Machine origin = cluster.origin();
    if (backup == null || !cluster.isOwn(origin)) {
      return;
    }
    origin.stop();
    if (origin.isUp()) {
      return;
    }
    world.note(origin, "is to be restored");
    origin.restore(backup.getFileName());
  }

  private void loseDirectory() {
    Machine origin = cluster.origin();
    if (heir() != null) {
      origin.crash(false);
      origin.replaceDisk(new SimulatedDisk(world.random), false);
      world.note(origin, "loses its directory");
      world.after(world.between(1_000_000, 4_000_000), "needs an origin", origin, this::mend);
    }
  }

  /** Does nothing from now on that goes wrong. */
  void calmDown() {
    calm = true;
  }

  /** Makes an edge the origin, if the origin there is has none of the cluster's data. */
  void mend() {
    Machine origin = cluster.origin();
    if (!origin.isServing() || !cluster.isOwn(origin)) {
      promote();
    }
  }

  /** Returns an edge that can become the origin, or null. */
  private @Nullable Machine heir() {
    List<Machine> heirs =
        cluster.machines().stream()
            .filter(machine -> machine.isEdge() && machine.isServing() && cluster.isOwn(machine))
            .toList();
    return heirs.isEmpty() ? null : heirs.get(world.oneOf(heirs.size()));
  }

  /** Promotes an edge after the old origin has stopped, and lets the others follow it. */
  void promote() {
    Machine heir = heir();
    Machine old = cluster.origin();
    if (heir == null) {
      return;
    }
    old.stop();
    heir.stop();
    if (old.isUp() || heir.isUp()) {
      return;
    }
    world.note(heir, "is promoted");
    heir.follow(null);
    cluster.origin(heir);
    for (Machine each : cluster.machines()) {
      if (each != heir) {
        each.stop();
        each.follow(heir);
      }
    }
    if (!calm && world.chance(0.5)) {
      heir.burnAtStart(1 + world.oneOf(80));
    }
    heir.start();
  }
}
