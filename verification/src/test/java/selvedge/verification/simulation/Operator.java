package selvedge.verification.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import selvedge.engine.Backup;
import selvedge.engine.encryption.MasterKeys;
import selvedge.verification.disk.SimulatedDisk;

/** What operators do to a cluster, for better or worse, while clients use it. */
final class Operator {
  private final World world;
  private final Cluster cluster;
  private final Map<Machine, SimulatedDisk> copies = new LinkedHashMap<>();
  private @Nullable Path backup;
  private boolean calm;

  /** Set while the edges have the only copies of what the origin has lost. */
  private boolean lost;

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

  void copyByHand() {
    for (Machine machine : cluster.machines()) {
      if (world.chance(0.5) && cluster.isOwn(machine) && machine.stop()) {
        copies.put(machine, machine.disk().copy());
        world.note(machine, "is copied by hand");
      }
    }
  }

  /**
   * The documented way of older versions: a stopped directory is copied back. At times the machine
   * cannot reach the one that it follows when it starts. No copy is put over one of the last.
   */
  private void restoreByHand() {
    if (copies.isEmpty() || lost) {
      return;
    }
    List<Machine> all = List.copyOf(copies.keySet());
    List<Machine> followed = all.stream().filter(this::isFollowedEdge).toList();
    List<Machine> some = followed.isEmpty() || world.chance(0.5) ? all : followed;
    Machine machine = some.get(world.oneOf(some.size()));
    SimulatedDisk copy = Objects.requireNonNull(copies.get(machine));
    machine.stop();
    if (machine.isUp()) {
      return;
    }
    machine.replaceDisk(copy.copy(), true);
    world.note(machine, "gets an older directory");
    if (world.chance(0.5)) {
      machine.routes().forEach(route -> route.cut(true));
      world.after(
          world.between(1_000_000, 6_000_000),
          "is connected again",
          machine,
          () -> machine.routes().forEach(route -> route.cut(false)));
    }
  }

  private boolean isFollowedEdge(Machine machine) {
    return machine.isEdge()
        && cluster.machines().stream()
            .anyMatch(each -> each.isEdge() && each.followed() == machine);
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
      lost = true;
      world.after(world.between(1_000_000, 4_000_000), "needs an origin", origin, this::mend);
    }
  }

  /** Does nothing from now on that goes wrong. */
  void calmDown() {
    calm = true;
  }

  /**
   * Makes an edge the origin, if the origin there is has none of the cluster's data, or has been
   * put back to a time before its lineage: then the edges wait for an operator.
   */
  void mend() {
    lost = false;
    Machine origin = cluster.origin();
    if (!origin.isServing() || !cluster.isOwn(origin) || isContinued(origin.descent().epoch())) {
      promote();
    }
  }

  private boolean isContinued(long epoch) {
    return cluster.machines().stream()
        .anyMatch(
            machine ->
                machine.isServing()
                    && cluster.isOwn(machine)
                    && machine.descent().lineage().lastOf(epoch).isPresent());
  }

  /** Returns an edge that can become the origin, or null: with time, the one with most changes. */
  private @Nullable Machine heir() {
    List<Machine> heirs =
        cluster.machines().stream()
            .filter(
                machine ->
                    machine.isEdge()
                        && machine.isWhole()
                        && machine.isServing()
                        && cluster.isOwn(machine))
            .toList();
    if (heirs.isEmpty()) {
      return null;
    }
    return calm
        ? Collections.max(heirs, Comparator.comparing(machine -> machine.descent().latest()))
        : heirs.get(world.oneOf(heirs.size()));
  }

  /**
   * Promotes an edge after the old origin has stopped, and lets the others follow it, or an edge.
   */
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
    List<Machine> others = new ArrayList<>(cluster.machines());
    others.remove(heir);
    Collections.shuffle(others, world.random);
    List<Machine> servers = new ArrayList<>(List.of(heir));
    for (Machine each : others) {
      each.stop();
      each.follow(world.chance(0.5) ? heir : servers.get(world.oneOf(servers.size())));
      if (each.isWhole()) {
        servers.add(each);
      }
    }
    if (!calm && world.chance(0.5)) {
      heir.burnAtStart(1 + world.oneOf(80));
    }
    heir.start();
  }
}
