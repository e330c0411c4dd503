package selvedge.verification.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.engine.edge.Replica;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * An origin, edges of it and an edge behind an edge, with clients, operators and everything that
 * goes wrong. The engine is the real one, from the follower down to the journal.
 */
final class Simulation implements Operator.Cluster {
  private static final int KEYS = 8;
  private static final int CACHED_KEYS = 4;
  private static final List<Key> ALL_KEYS =
      Stream.concat(
              IntStream.range(0, KEYS).mapToObj(i -> Key.of("k" + i)),
              IntStream.range(0, CACHED_KEYS).mapToObj(i -> Key.of("c" + i)))
          .toList();

  /** The key that holds a number. */
  private static final Key COUNTER = Key.of("k" + (KEYS - 1));

  private static final int BURST = 100;
  private static final int LARGE_MAX = 9000;

  /** A value that is resumed where a line breaks within it. */
  private static final int VERY_LARGE = 270_000;

  /** How many bytes a bad line carries between breaks. */
  private static final int REACH = 280_000;

  private static final Duration TROUBLED = Duration.ofSeconds(20);
  private static final Duration HEALED = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofMinutes(90);
  private static final Duration HOUR = Duration.ofHours(1);

  private final World world;
  private final Fault fault;
  private final History history;
  private final Operator operator;
  private final List<Machine> machines = new ArrayList<>();
  private final Set<Machine> restarting = new HashSet<>();
  private final NamespaceId namespace;

  /** The namespace that one of the edges only caches. Its keys have other names. */
  private final NamespaceId cached;

  private final ClusterId cluster;
  private Machine origin;
  private Machine.Reached session = Machine.Reached.NOTHING;
  private boolean troubled = true;

  private Simulation(long seed, Fault fault) {
    this.world = new World(seed);
    this.fault = fault;
    this.history = new History(world);
    this.operator = new Operator(world, this);
    this.origin = machine("origin");
    if (fault == Fault.ORIGIN_SKIPS_SYNC) {
      origin.disk().lie();
    }
    origin.start();
    var account = new AccountId("a".repeat(32));
    this.namespace = origin.serving().create(account, "n").id();
    this.cached = origin.serving().create(account, "c").id();
    this.cluster = origin.descent().cluster();
    edge("fra", origin);
    edge("syd-2", edge("syd", origin));
    Machine partial = machine("lon");
    partial.cache(cached);
    edge(partial, origin);
    machines.forEach(machine -> machine.configure(cluster));
  }

  /**
   * Runs a cluster through trouble and out of it, and returns how many events that were.
   *
   * @throws Violation if a promise is broken; it has the last events
   */
  static long run(long seed, Fault fault) {
    var simulation = new Simulation(seed, fault);
    try {
      simulation.run();
    } catch (RuntimeException | Error e) {
      throw e instanceof Violation known
          ? known.after(simulation.world.recent())
          : new Violation(String.valueOf(e), e).after(simulation.world.recent());
    }
    return simulation.world.happened();
  }

  private Machine machine(String name) {
    var machine = new Machine(world, name, history, fault);
    machines.add(machine);
    return machine;
  }

  private Machine edge(String name, Machine followed) {
    return edge(machine(name), followed);
  }

  private Machine edge(Machine edge, Machine followed) {
    if (fault == Fault.EDGE_SKIPS_SYNC) {
      edge.disk().lie();
    }
    edge.follow(followed);
    edge.start();
    return edge;
  }

  private void run() {
    world.watch(this::check);
    again(500, 40_000, "write", this::write);
    again(300, 30_000, "read", this::read);
    again(2000, 100_000, "read where it is cached", this::readCached);
    again(1000, 60_000, "read in a session", this::readInSession);
    again(20_000, 800_000, "make trouble", this::trouble);
    again(1_000_000, 8_000_000, "operate", this::operate);
    world.after(world.between(500_000, 3_000_000), "copy", "operators", operator::copyByHand);
    world.run(TROUBLED.toNanos(), () -> false);
    heal();
    converge();
    writeBurst();
    converge();
    world.note("all", "are quiet");
    machines.forEach(machine -> machine.serving().clockCheck().confirm());
    world.leap(QUIET);
    world.run(world.now() + Duration.ofSeconds(20).toNanos(), () -> false);
    converge();
    machines.forEach(this::requireFreed);
  }

  private void again(int leastMicros, int mostMicros, String name, Runnable action) {
    world.after(
        world.between(leastMicros, mostMicros),
        name,
        "clients",
        () -> {
          action.run();
          if (troubled) {
            again(leastMicros, mostMicros, name, action);
          }
        });
  }

  @Override
  public Machine origin() {
    return origin;
  }

  @Override
  public void origin(Machine machine) {
    origin = machine;
  }

  @Override
  public List<Machine> machines() {
    return machines;
  }

  @Override
  public boolean isOwn(Machine machine) {
    return machine.isServing() && machine.descent().cluster().equals(cluster);
  }

  private Key key() {
    return Key.of("k" + world.oneOf(KEYS - 1));
  }

  private void write() {
    if (!origin.isRunning() || !isOwn(origin)) {
      return;
    }
    if (origin.serving().find(namespace).isEmpty()) {
      throw new Violation("the namespace was acknowledged and is lost");
    }
    Outcome[] outcome = {new Outcome.Conflict(Version.NONE)};
    Machine writer = origin;
    writer.run(
        () ->
            outcome[0] =
                world.chance(0.2)
                    ? writeCached(writer.serving().open(cached))
                    : write(writer.serving().open(namespace)));
    if (outcome[0] instanceof Outcome.Accepted(Version version)) {
      history.acknowledge(writer.opening(), version);
      if (world.chance(0.3)) {
        session = new Machine.Reached(writer.opening(), version);
      }
    }
  }

  private Outcome write(Namespace there) {
    return switch (world.oneOf(44)) {
      case 40, 41, 42, 43 -> increment(there);
      case 0, 1, 2, 3 -> there.delete(Key.of("k" + world.oneOf(KEYS)), Condition.ALWAYS);
      case 4, 5, 6, 7 -> there.put(key(), value(), WriteOptions.PLAIN.ifAbsent());
      case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ->
          there.put(key(), value(), WriteOptions.PLAIN.expiry(soon()));
      case 20 -> new Outcome.Accepted(there.write(List.of(new Mutation.Clear(Bytes.utf8("k1")))));
      case 21, 22 -> there.put(key(), large().open(), WriteOptions.PLAIN);
      default -> there.put(key(), value(), WriteOptions.PLAIN);
    };
  }

  private Outcome writeCached(Namespace there) {
    Key key = cachedKey();
    return switch (world.oneOf(10)) {
      case 0 -> there.delete(key, Condition.ALWAYS);
      case 1 -> new Outcome.Accepted(there.write(List.of(new Mutation.Clear(Bytes.utf8("c1")))));
      case 2 -> there.put(key, large().open(), WriteOptions.PLAIN);
      case 3, 4, 5 -> there.put(key, value(), WriteOptions.PLAIN.expiry(soon()));
      default -> there.put(key, value(), WriteOptions.PLAIN);
    };
  }

  private Key cachedKey() {
    return Key.of("c" + world.oneOf(CACHED_KEYS));
  }

  private static boolean isCached(Key key) {
    return key.name().startsWith("c");
  }

  /** Increments are exact: this thread makes all of them, so each adds to the one before. */
  private Outcome increment(Namespace there) {
    long number =
        Optional.ofNullable(history.at(origin.descent()).get(COUNTER))
            .map(entry -> Long.parseLong(entry.value().bytes().utf8()))
            .orElse(0L);
    int amount = 1 + world.oneOf(100);
    Counted counted = there.increment(COUNTER, amount, WriteOptions.PLAIN);
    if (counted.value() != number + amount) {
      throw new Violation("%d and %d are %d".formatted(number, amount, counted.value()));
    }
    return new Outcome.Accepted(counted.version());
  }

  private Bytes value() {
    return Bytes.utf8("v" + world.random.nextLong());
  }

  private Bytes large() {
    int size = world.chance(0.25) ? VERY_LARGE + world.oneOf(LARGE_MAX) : LARGE_MAX / 2;
    byte[] bytes = new byte[size + world.oneOf(LARGE_MAX)];
    world.random.nextBytes(bytes);
    return Bytes.adopt(bytes);
  }

  private Expiry soon() {
    return Expiry.at(origin.instant().plus(world.between(10_000, 5_000_000)));
  }

  private void read() {
    Machine machine = machines.get(world.oneOf(machines.size()));
    if (!machine.isRunning() || !isOwn(machine)) {
      return;
    }
    Descent asOf = machine.descent();
    Map<Key, Entry> expected = history.at(asOf);
    requireOldEnough(machine, asOf);
    if (machine.serving().find(namespace).isEmpty()) {
      return;
    }
    Namespace there = machine.serving().open(namespace);
    machine.run(
        () -> {
          if (world.chance(0.2)) {
            list(machine, there, expected);
          } else {
            Key key = Key.of("k" + world.oneOf(KEYS));
            Lookup lookup =
                fault == Fault.EXPIRY_IGNORED
                    ? machine.rocks().get(namespace, key)
                    : there.get(key);
            requireSame(machine, key, lookup, expected);
          }
        });
  }

  /** Reads where entries are only cached: what the edge has, or what another machine has since. */
  private void readCached() {
    for (Machine machine : machines) {
      if (!machine.isWhole()
          && machine.isRunning()
          && isOwn(machine)
          && !machine.routes().getFirst().isReading()
          && machine.serving().find(cached).isPresent()) {
        readCached(machine, cachedKey());
      }
    }
  }

  private void readCached(Machine machine, Key key) {
    Descent here = machine.descent();
    long process = machine.process();
    Namespace there = machine.serving().open(cached);
    machine.run(
        () -> {
          Lookup lookup = there.get(key);
          if (machine.process() != process) {
            return;
          }
          Descent from = here;
          Version asOf = here.latest();
          if (lookup.asOf().compareTo(asOf) > 0) {
            asOf = lookup.asOf();
            from = machine.source(key, asOf);
            if (!History.has(from, here.openings().newest(), here.latest())) {
              throw new Violation(machine + " goes back from " + here + " to " + from);
            }
          }
          requireSame(machine, key, lookup, history.at(from, asOf));
        });
  }

  private void list(Machine machine, Namespace there, Map<Key, Entry> expected) {
    Set<Key> listed = new HashSet<>();
    for (Listed each : there.list(Listing.all(KEYS * 2)).entries()) {
      listed.add(each.key());
      requireSame(machine, each.key(), there.get(each.key()), expected);
    }
    Instant hidden = machine.latestSeen();
    expected.forEach(
        (key, entry) -> {
          if (!isCached(key) && !listed.contains(key) && !entry.expiry().hasPassed(hidden)) {
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
        if (!isSame(found, entry)) {
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

  private static boolean isSame(Entry found, @Nullable Entry expected) {
    return expected != null
        && found.version().equals(expected.version())
        && found.expiry().equals(expected.expiry())
        && found.metadata().equals(expected.metadata())
        && found.value().bytes().equals(expected.value().bytes());
  }

  /** A replica of some age has all that clients had received that long ago. */
  private void requireOldEnough(Machine machine, Descent asOf) {
    Duration age =
        machine.role() instanceof Replica replica
            ? replica.freshness().age().orElse(HOUR)
            : Duration.ZERO;
    Optional<History.Acknowledged> known = history.acknowledgedBy(world.now() - age.toNanos());
    if (known.isPresent()
        && !History.has(asOf, known.get().opening(), known.get().version())
        && (asOf.openings().newest() == known.get().opening()
            || history.continues(known.get().opening(), asOf))) {
      throw new Violation(
          machine
              + " reports an age of "
              + age.toMillis()
              + " ms, and lacks version "
              + known.get().version());
    }
  }

  /** What a client has seen or made, it sees wherever it reads next, or learns that it is lost. */
  private void readInSession() {
    Machine machine = machines.get(world.oneOf(machines.size()));
    boolean enough = isOwn(machine) && (fault == Fault.SESSION_IGNORED || hasSession(machine));
    Machine answering = enough ? machine : origin;
    if (!answering.isRunning() || !isOwn(answering)) {
      return;
    }
    Descent seen = answering.descent();
    if (answering != origin && !hasSession(answering)) {
      throw new Violation("a session goes back from " + session + " to " + seen.latest());
    }
    session = new Machine.Reached(seen.openings().newest(), seen.latest());
  }

  private boolean hasSession(Machine machine) {
    return session.equals(Machine.Reached.NOTHING)
        || History.has(machine.descent(), session.opening(), session.version());
  }

  private void operate() {
    if (troubled) {
      operator.act();
    }
  }

  private void trouble() {
    if (!troubled) {
      return;
    }
    Machine machine = machines.get(world.oneOf(machines.size()));
    Route route = machine.routes().get(world.oneOf(2));
    int kind = world.oneOf(12);
    world.note(machine, "has trouble " + kind);
    switch (kind) {
      case 0 -> {
        if (machine.isUp()) {
          machine.crash(world.chance(0.7));
        }
      }
      case 1, 2 -> machine.disk().burn(1 + world.oneOf(60));
      case 3 -> machine.pause(world.between(1000, 3_000_000));
      case 4 -> skew(machine);
      case 5 -> {
        route.slow(world.between(0, 1_500_000));
        world.after(
            world.between(100_000, 4_000_000),
            "is fast again",
            route,
            () -> route.slow(Duration.ZERO));
      }
      case 6 -> {
        route.cut(true);
        world.after(
            world.between(1000, 4_000_000), "is whole again", route, () -> route.cut(false));
      }
      case 7 -> machine.disk().fail(1 + world.oneOf(3));
      case 8 -> {
        machine.disk().fill(true);
        world.after(
            world.between(1000, 2_000_000),
            "has room again",
            machine,
            () -> machine.disk().fill(false));
      }
      case 11 -> machine.damageFeed();
      case 9 -> route.limit(world.chance(0.5) ? Integer.MAX_VALUE : REACH);
      default -> route.disconnect();
    }
  }

  /**
   * A clock jumps by more than a minute, half of the time by more than the grace of expired
   * entries, and is put right some time later.
   */
  private void skew(Machine machine) {
    Duration drawn = world.between(120_000_000, 400_000_000);
    Duration by = drawn.toMillis() % 2 == 0 ? drawn : drawn.multipliedBy(6);
    machine.skew(world.chance(0.5) ? by : by.negated());
    world.after(
        world.between(100_000, 8_000_000),
        "has its clock put right",
        machine,
        () -> machine.skew(Duration.ZERO));
  }

  private void heal() {
    troubled = false;
    operator.calmDown();
    world.note("all", "are left in peace");
    for (Machine machine : machines) {
      machine.skew(Duration.ZERO);
      machine.disk().heal();
      for (Route route : machine.routes()) {
        route.slow(Duration.ZERO);
        route.cut(false);
      }
      machine.stop();
      restartSoon(machine);
    }
    world.run(world.now() + Duration.ofSeconds(10).toNanos(), () -> false);
    operator.mend();
  }

  private void converge() {
    world.run(world.now() + HEALED.toNanos(), this::isConverged);
    if (!isConverged()) {
      throw new Violation(
          machines.stream()
              .map(
                  machine ->
                      machine
                          + (machine.isServing()
                              ? " at " + machine.descent().latest()
                              : " without a store"))
              .collect(Collectors.joining(", ", "the machines do not converge: ", "")));
    }
  }

  /** Writes many entries that expire together. */
  private void writeBurst() {
    Namespace there = origin.serving().open(namespace);
    for (int i = 0; i < BURST; i++) {
      there.put(Key.of("burst" + i), value(), WriteOptions.PLAIN.expiry(soon()));
    }
  }

  private boolean isConverged() {
    if (troubled || !origin.isSettled()) {
      return false;
    }
    Version latest = origin.rocks().latest();
    for (Machine machine : machines) {
      if (!machine.isSettled() || !machine.rocks().latest().equals(latest)) {
        return false;
      }
    }
    Descent first = origin.descent();
    return machines.stream()
        .map(Machine::descent)
        .allMatch(
            each ->
                each.openings().newest() == first.openings().newest()
                    && each.epoch() == first.epoch());
  }

  /** Expired entries are freed as fast as they expire. */
  private void requireFreed(Machine machine) {
    compare(machine, machine.descent(), true);
    for (Listed each : machine.rocks().list(namespace, Listing.all(1000)).entries()) {
      if (each.expiry().hasPassed(now())) {
        throw new Violation(machine + " has not freed " + each.key() + ", which has expired");
      }
    }
  }

  /** Returns the true time. */
  private Instant now() {
    return Machine.START.plusNanos(world.now());
  }

  /** Checks what must hold after every event. */
  private void check() {
    for (Machine machine : machines) {
      if (!machine.isUp()) {
        restartSoon(machine);
      } else if (machine.isServing()) {
        if (machine.isChangedSinceCheck()) {
          compare(machine);
        }
      }
    }
  }

  private void compare(Machine machine) {
    Descent descent = machine.descent();
    if (!descent.cluster().equals(cluster)) {
      if (machine.isEdge() && machine != origin) {
        throw new Violation(machine + " has become a member of another cluster");
      }
      return;
    }
    if (descent.openings().all().getFirst().epoch() != descent.epoch()) {
      throw new Violation(machine + " has the first half of a new lineage: " + descent);
    }
    machine.requireOnward(descent);
    compare(machine, descent, world.chance(0.2));
  }

  private void compare(Machine machine, Descent descent, boolean all) {
    Map<Key, Entry> expected = history.at(descent);
    int only = world.oneOf(ALL_KEYS.size());
    for (Key key : all ? ALL_KEYS : List.of(ALL_KEYS.get(only))) {
      Entry entry = isCached(key) && !machine.isWhole() ? null : expected.get(key);
      NamespaceId place = isCached(key) ? cached : namespace;
      if (machine.rocks().get(place, key) instanceof Lookup.Found(Entry found, var _)) {
        if (!isSame(found, entry)) {
          throw new Violation(
              machine
                  + " is at version "
                  + descent.latest()
                  + " and has "
                  + found
                  + ", not "
                  + entry);
        }
      } else if (entry != null && !entry.expiry().hasPassed(now())) {
        throw new Violation(machine + " is at version " + descent.latest() + " and lacks " + entry);
      }
    }
  }

  private void restartSoon(Machine machine) {
    if (restarting.add(machine)) {
      world.after(
          world.between(10_000, 3_000_000),
          "is started",
          machine,
          () -> {
            restarting.remove(machine);
            try {
              machine.start();
            } catch (StoreDamagedException e) {
              throw new Violation(machine + " reports damage: " + e.getMessage(), e);
            }
          });
    }
  }
}
