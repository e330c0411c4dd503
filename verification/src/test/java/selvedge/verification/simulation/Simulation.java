package selvedge.verification.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * An origin, two edges and a third one behind an edge, with clients and with all that goes wrong.
 * The engine is the real one.
 */
final class Simulation {
  private static final String TITLE = "n";
  private static final int KEYS = 8;
  private static final long EPOCH = 7;
  private static final Duration TROUBLED = Duration.ofSeconds(20);
  private static final Duration HEALED = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);

  private final World world;
  private final Fault fault;
  private final History history;
  private final OriginMachine origin;
  private final List<EdgeMachine> edges = new ArrayList<>();
  private final List<Machine> machines = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private final Map<Machine, Version> checked = new HashMap<>();
  private final Set<Machine> restarting = new HashSet<>();
  private final NamespaceId namespace;
  private Version session = Version.NONE;
  private boolean troubled = true;

  private Simulation(long seed, Fault fault) {
    this.world = new World(seed);
    this.fault = fault;
    this.history = new History(world);
    var disk = new Disk(world, EPOCH, fault == Fault.ORIGIN_SKIPS_SYNC, history::durable);
    this.origin = new OriginMachine(world, disk);
    machines.add(origin);
    this.namespace = setUp();
    edge("fra", origin);
    edge("syd-2", edge("syd", origin));
  }

  /** Runs a cluster through trouble and out of it, and tells how many events that were. */
  static long run(long seed, Fault fault) {
    var simulation = new Simulation(seed, fault);
    simulation.run();
    return simulation.world.happened();
  }

  private NamespaceId setUp() {
    var account = new AccountId("a".repeat(32));
    while (true) {
      origin.start();
      try {
        return origin
            .keeper()
            .find(account, TITLE)
            .orElseGet(() -> origin.keeper().create(account, TITLE))
            .id();
      } catch (Disk.PowerCut e) {
        origin.crash();
      }
    }
  }

  private EdgeMachine edge(String name, Machine target) {
    var route = new Route(world, target, fault);
    var disk = new Disk(world, EPOCH, fault == Fault.EDGE_SKIPS_SYNC, _ -> {});
    var edge = new EdgeMachine(world, name, disk, route, fault == Fault.AGE_FORGOTTEN);
    routes.add(route);
    edges.add(edge);
    machines.add(edge);
    edge.start();
    return edge;
  }

  private void run() {
    world.watch(this::check);
    edges.forEach(edge -> again(200, 3000, edge::follow));
    edges.forEach(edge -> again(300_000, 700_000, edge::ask));
    again(1_000_000, 5_000_000, origin::sweep);
    again(500, 20_000, this::write);
    again(300, 10_000, this::read);
    again(1000, 30_000, this::readInSession);
    again(20_000, 800_000, this::trouble);
    world.run(TROUBLED.toNanos(), () -> false);
    heal();
    world.run(world.now() + HEALED.toNanos(), this::isConverged);
    if (!isConverged()) {
      throw new Violation("not all edges have reached version " + origin.latest());
    }
  }

  private void again(int leastMicros, int mostMicros, Runnable what) {
    world.after(
        world.between(leastMicros, mostMicros),
        () -> {
          what.run();
          again(leastMicros, mostMicros, what);
        });
  }

  private Key key() {
    return Key.of("k" + world.oneOf(KEYS));
  }

  private void write() {
    if (!troubled || !origin.isRunning()) {
      return;
    }
    if (origin.keeper().find(namespace).isEmpty()) {
      throw new Violation("the namespace was acknowledged and is lost");
    }
    Namespace there = origin.keeper().open(namespace);
    try {
      Outcome outcome =
          switch (world.oneOf(10)) {
            case 0 -> there.delete(key(), Condition.ALWAYS);
            case 1 -> there.put(key(), value(), WriteOptions.PLAIN.ifAbsent());
            case 2, 3, 4 -> there.put(key(), value(), WriteOptions.PLAIN.expiry(soon()));
            default -> there.put(key(), value(), WriteOptions.PLAIN);
          };
      if (outcome instanceof Outcome.Accepted(Version version)) {
        history.acknowledge(version);
        session = world.chance(0.3) && version.compareTo(session) > 0 ? version : session;
      }
    } catch (Disk.PowerCut e) {
      origin.crash();
    }
  }

  private Bytes value() {
    return Bytes.utf8("v" + world.random.nextLong());
  }

  private Expiry soon() {
    return Expiry.at(origin.instant().plus(world.between(10_000, 5_000_000)));
  }

  private void read() {
    Machine machine = machines.get(world.oneOf(machines.size()));
    if (!machine.isRunning() || machine.latest().equals(Version.NONE)) {
      return;
    }
    Version asOf = machine.latest();
    Map<Key, Entry> expected = history.at(asOf);
    requireOldEnough(machine, asOf);
    if (machine.keeper().find(namespace).isEmpty()) {
      return;
    }
    Namespace there = machine.keeper().open(namespace);
    if (world.chance(0.2)) {
      list(machine, there, expected);
    } else {
      Key key = key();
      Lookup lookup =
          fault == Fault.EXPIRY_IGNORED ? machine.disk.get(namespace, key) : there.get(key);
      requireSame(machine, key, lookup, expected);
    }
  }

  private void list(Machine machine, Namespace there, Map<Key, Entry> expected) {
    Set<Key> listed = new HashSet<>();
    for (Listed each : there.list(Listing.all(KEYS * 2)).entries()) {
      listed.add(each.key());
      requireSame(machine, each.key(), there.get(each.key()), expected);
    }
    Instant gone = machine.latestSeen();
    expected.forEach(
        (key, entry) -> {
          if (!listed.contains(key) && !entry.expiry().hasPassed(gone)) {
            throw new Violation(machine + " does not list " + key);
          }
        });
  }

  private static void requireSame(
      Machine machine, Key key, Lookup lookup, Map<Key, Entry> expected) {
    Entry entry = expected.get(key);
    switch (lookup) {
      case Lookup.Found(Entry found, var _) -> {
        if (found.expiry().hasPassed(machine.best())) {
          throw new Violation(machine + " serves " + key + ", which has expired");
        }
        if (!found.equals(entry)) {
          throw new Violation(machine + " has " + found + " in place of " + entry);
        }
      }
      case Lookup.Missing _ -> {
        if (entry != null && !entry.expiry().hasPassed(machine.latestSeen())) {
          throw new Violation(machine + " does not have " + entry);
        }
      }
    }
  }

  /** Whoever says that it had everything some time ago has all that anybody knew of then. */
  private void requireOldEnough(Machine machine, Version asOf) {
    Duration age =
        machine instanceof EdgeMachine edge
            ? edge.replica().freshness().age().orElse(HOUR)
            : Duration.ZERO;
    Version known = history.acknowledgedBy(world.now() - age.toNanos());
    if (known.compareTo(asOf) > 0) {
      throw new Violation(
          machine + " says it is " + age.toMillis() + " ms old, and lacks version " + known);
    }
  }

  /** What a client has seen or made, it sees wherever it reads next. */
  private void readInSession() {
    Machine machine = machines.get(world.oneOf(machines.size()));
    boolean enough = machine.latest().compareTo(session) >= 0 || fault == Fault.SESSION_IGNORED;
    Machine answering = enough ? machine : origin;
    if (!answering.isRunning()) {
      return;
    }
    Version seen = answering.latest();
    if (seen.compareTo(session) < 0) {
      throw new Violation("a session goes back from " + session + " to " + seen);
    }
    session = seen;
  }

  private void trouble() {
    if (!troubled) {
      return;
    }
    Machine machine = machines.get(world.oneOf(machines.size()));
    Route route = routes.get(world.oneOf(routes.size()));
    switch (world.oneOf(6)) {
      case 0 -> machine.crash();
      case 1 -> machine.pause(world.between(1000, 3_000_000));
      case 2 -> machine.skew(world.between(0, 600_000_000).minusMinutes(5));
      case 3 -> {
        route.slow(world.between(0, 1_500_000));
        world.after(world.between(100_000, 4_000_000), () -> route.slow(Duration.ZERO));
      }
      case 4 -> {
        route.cut(true);
        world.after(world.between(1000, 4_000_000), () -> route.cut(false));
      }
      default -> route.disconnect();
    }
  }

  private void heal() {
    troubled = false;
    routes.forEach(route -> route.slow(Duration.ZERO));
    routes.forEach(route -> route.cut(false));
  }

  private boolean isConverged() {
    return !troubled
        && machines.stream().allMatch(Machine::isUp)
        && edges.stream().allMatch(edge -> edge.latest().equals(origin.latest()));
  }

  /** What must hold after every event. */
  private void check() {
    for (Machine machine : machines) {
      if (!machine.isUp()) {
        restartSoon(machine);
      } else if (!machine.latest().equals(checked.get(machine))) {
        compare(machine);
      }
    }
  }

  private void compare(Machine machine) {
    Version version = machine instanceof EdgeMachine edge ? edge.shown() : machine.latest();
    Map<Key, Entry> expected = history.at(version);
    for (int i = 0; i < KEYS; i++) {
      Key key = Key.of("k" + i);
      Entry entry = expected.get(key);
      Entry found =
          machine.disk.get(namespace, key) instanceof Lookup.Found there ? there.entry() : null;
      boolean swept =
          found == null && entry != null && entry.expiry().hasPassed(machine.latestSeen());
      if (!swept && !Objects.equals(found, entry)) {
        throw new Violation(
            machine + " is at version " + version + " and has " + found + ", not " + entry);
      }
    }
    checked.put(machine, version);
  }

  private void restartSoon(Machine machine) {
    if (restarting.add(machine)) {
      world.after(
          world.between(10_000, 3_000_000),
          () -> {
            machine.start();
            restarting.remove(machine);
            checked.remove(machine);
            if (machine == origin && origin.latest().compareTo(history.newestAcknowledged()) < 0) {
              throw new Violation(
                  "version "
                      + history.newestAcknowledged()
                      + " was acknowledged and is lost: the origin is at "
                      + origin.latest());
            }
          });
    }
  }
}
