package selvedge.verification.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.engine.Backup;
import selvedge.engine.cache.HotStore;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.Selection;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Relation;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.engine.work.RestartingWorker;
import selvedge.engine.work.Threads;
import selvedge.engine.work.Worker;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.SelvedgeException;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;
import selvedge.verification.disk.PowerCut;
import selvedge.verification.disk.SimulatedDisk;
import selvedge.verification.disk.SimulatedFileSystem;

/**
 * A process on a machine of its own, with a disk, and with clocks that may be wrong: an origin, or
 * an edge if it follows another machine. It is up, paused or down.
 */
final class Machine implements InstantSource, Threads {
  static final Limits LIMITS =
      Limits.of(Profile.OPEN)
          .with(Limit.INLINE_BYTES, 256)
          .with(Limit.CHUNK_BYTES, 4096)
          .with(Limit.FEED_SECONDS, 60)
          .with(Limit.SWEEP_SECONDS, 1)
          .with(Limit.EXPIRY_GRACE_SECONDS, 600)
          .with(Limit.CLOCK_GAP_SECONDS, 60)
          .with(Limit.DISK_RESERVE_BYTES, 0)
          .with(Limit.UNSEEN_STORES, 100)
          .with(Limit.HOT_BYTES, 4096);

  static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration RETRY = Duration.ofMillis(300);

  final World world;
  final String name;
  private final Fault fault;
  private final History history;
  private final Route route;
  private final Route loading;
  private final long bootTick;
  private SimulatedDisk disk;
  private @Nullable Machine followed;
  private @Nullable SimulatedFileSystem mount;
  private @Nullable RocksStore rocks;
  private @Nullable StoreRole role;
  private @Nullable Loader loader;
  private Duration skew = Duration.ZERO;
  private Instant latestSeen = START;
  private long pausedUntil;
  private long process;
  private long checkedProcess = -1;
  private Version checkedVersion = Version.NONE;
  private boolean up;

  /** Whether the directory was put here by hand, so that its versions may be given again. */
  private boolean copied;

  /** Whether a promotion was interrupted, so that the disk may have its changes. */
  private boolean promoting;

  private long opening;
  private Reached durable = Reached.NOTHING;
  private Reached shown = Reached.NOTHING;
  private boolean comparing;
  private int burn;
  private @Nullable Descent known;
  private @Nullable RocksStore knownStore;
  private final Map<Arrived, Descent> arrived = new HashMap<>();
  private @Nullable ClusterId cluster;
  private Selection selection = Selection.EVERYTHING;
  private @Nullable Path restoring;
  private boolean moved;

  Machine(World world, String name, History history, Fault fault) {
    this.world = world;
    this.name = name;
    this.history = history;
    this.fault = fault;
    this.disk = new SimulatedDisk(world.random);
    this.route = new Route(world, this, fault);
    this.loading = new Route(world, this, fault);
    this.bootTick = world.random.nextLong();
  }

  List<Route> routes() {
    return List.of(route, loading);
  }

  /** Passes on that a follower has changes of the epoch which are not here. */
  void passOn(Descent replica) {
    route.passOn(replica);
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Puts another disk into the machine, which is down. */
  void replaceDisk(SimulatedDisk other, boolean byHand) {
    disk = other;
    copied = byHand;
    forget();
  }

  /** What the disk has had before does not count any more, because an operator decided so. */
  void forget() {
    durable = Reached.NOTHING;
    shown = Reached.NOTHING;
    promoting = false;
  }

  /** Requires that the store has all that it has shown before. */
  void requireOnward(Descent here) {
    requireReached(shown, here, "shown");
    shown = new Reached(here.openings().newest(), here.latest());
  }

  boolean isEdge() {
    return followed != null;
  }

  Machine followed() {
    if (followed == null) {
      throw new IllegalStateException(name + " follows no machine");
    }
    return followed;
  }

  /** Makes the process an edge of another machine from its next start on; null for an origin. */
  void follow(@Nullable Machine other) {
    followed = other;
  }

  /** Configures the cluster to which the machine belongs. */
  void configure(ClusterId id) {
    cluster = id;
  }

  /** Makes the process an edge that only caches a namespace. */
  void cache(NamespaceId namespace) {
    selection = new Selection(Set.of(namespace));
  }

  Selection selection() {
    return selection;
  }

  /** Returns whether all namespaces are replicated here, so that other machines may follow. */
  boolean isWhole() {
    return selection.cached().isEmpty();
  }

  /** What a version says of a key. */
  private record Arrived(Key key, Version version) {}

  /** An entry of a cached namespace has arrived from another machine, with a read or a change. */
  void arrived(Key key, Version version, Descent from) {
    if (!isWhole()) {
      arrived.put(new Arrived(key, version), from);
    }
  }

  /** Returns the store that had a key as of a version. */
  Descent source(Key key, Version asOf) {
    Descent from = arrived.get(new Arrived(key, asOf));
    if (from == null) {
      throw new Violation(this + " has " + key + " as of " + asOf + ", which it never read");
    }
    return from;
  }

  boolean isForeign(Descent other) {
    return cluster != null && !cluster.equals(other.cluster());
  }

  /** The origin has begun a new lineage, so that it gives no version again. */
  void leftCopy() {
    copied = false;
  }

  boolean isUp() {
    return up;
  }

  /** Returns whether a store is served. */
  boolean isServing() {
    return up && role != null;
  }

  boolean isRunning() {
    return isServing() && !isPaused();
  }

  private boolean isPaused() {
    return world.now() < pausedUntil;
  }

  /** Returns whether the process or its newest version differs from that of the last call. */
  boolean isChangedSinceCheck() {
    Version latest = rocks().latest();
    boolean changed = checkedProcess != process || !latest.equals(checkedVersion);
    checkedProcess = process;
    checkedVersion = latest;
    return changed;
  }

  /** Distinguishes one start from the next. */
  long process() {
    return process;
  }

  @Nullable StoreRole role() {
    return role;
  }

  StoreRole serving() {
    if (role == null) {
      throw new IllegalStateException(name + " serves nothing");
    }
    return role;
  }

  RocksStore rocks() {
    if (rocks == null) {
      throw new IllegalStateException(name + " has no store open");
    }
    return rocks;
  }

  /** Returns the descent of the store, which is read again only after a change. */
  Descent descent() {
    RocksStore store = rocks();
    if (known == null
        || knownStore != store
        || known.epoch() != store.epoch()
        || !known.latest().equals(store.latest())) {
      known = Descent.of(store);
      knownStore = store;
    }
    return known;
  }

  Snapshot snapshot() {
    return rocks().snapshot();
  }

  FeedRead read(Version after, int limit) {
    return rocks().read(after, limit);
  }

  /** Flips a bit of a change that the tables have: only readers of the feed need it. */
  void damageFeed() {
    if (!stop()) {
      return;
    }
    SimulatedFileSystem own = disk.mount((_, _) -> () -> {});
    Path journal = own.getPath("/data/store/journal");
    try (Stream<Path> all = Files.list(journal)) {
      List<Path> files = all.sorted().toList();
      if (files.size() > 1) {
        disk.flip(files.get(world.oneOf(files.size() - 1)));
        world.note(this, "has a bad bit in its feed");
      }
    } catch (IOException _) {
      // There is no store.
    }
  }

  /** Returns whether another server lacks changes of the store here. */
  boolean isAheadOf(Descent there) {
    return rocks != null && Relation.of(descent(), there) instanceof Relation.Behind;
  }

  /** Returns what a server with one more change would have. */
  Descent next() {
    Descent here = descent();
    Version next = new Version(here.latest().number() + 1);
    return new Descent(here.epoch(), next, here.lineage(), here.openings());
  }

  /** Returns a lineage that every check takes for an heir of the one here. */
  Descent heirOf(Descent there) {
    if (rocks == null) {
      return there;
    }
    Descent here = descent();
    Lineage lineage = new Lineage(List.of(new Lineage.Ancestor(here.epoch(), here.latest())));
    return new Descent(
        there.epoch(),
        new Version(here.latest().number() + (1L << 33)),
        lineage,
        Route.joined(there.openings(), here.openings()));
  }

  long opening() {
    return opening;
  }

  @Override
  public Instant instant() {
    Instant now = START.plusNanos(world.now()).plus(skew);
    latestSeen = now.isAfter(latestSeen) ? now : latestSeen;
    return now;
  }

  /**
   * Returns the latest time by which expiry was judged here: what expired by then may be hidden.
   */
  Instant latestSeen() {
    Instant now = best();
    latestSeen = now.isAfter(latestSeen) ? now : latestSeen;
    return latestSeen;
  }

  /** Returns the time by which expiry is judged here. */
  Instant best() {
    return role instanceof Replica replica ? replica.originTime() : instant();
  }

  long ticks() {
    return bootTick + world.now();
  }

  /** Sets the clock wrong. */
  void skew(Duration by) {
    skew = by;
  }

  /** Does nothing for a while, as a process that is stopped or collects garbage. */
  void pause(Duration time) {
    pausedUntil = Math.max(pausedUntil, world.now() + time.toNanos());
  }

  /** Returns how long ago the machine had every change. */
  Optional<Duration> age() {
    return serving() instanceof Replica replica
        ? replica.freshness().age()
        : Optional.of(Duration.ZERO);
  }

  Optional<Position> position() {
    Descent here = descent();
    return age()
        .map(
            each ->
                new Position(
                    here.epoch(),
                    here.latest(),
                    fault == Fault.AGE_FORGOTTEN ? Duration.ZERO : each,
                    best(),
                    here.openings().newest()));
  }

  /**
   * Does a piece of the process's work, and returns false if the machine is down or goes down.
   *
   * <p>A disk that fails or is full may end a piece. A report of damage is false, because the disk
   * loses only what it may.
   */
  boolean run(Runnable work) {
    if (!up) {
      return false;
    }
    long own = process;
    try {
      work.run();
    } catch (PowerCut _) {
      // The mount is dead.
    } catch (StoreDamagedException e) {
      if (own == process) {
        throw e;
      }
    } catch (SelvedgeException | UncheckedIOException e) {
      if (own == process) {
        world.note(this, "fails: " + e.getMessage());
      }
    }
    if (own == process && mount != null && mount.isDead()) {
      crash(world.chance(0.5));
    }
    return own == process && up;
  }

  /** Ends the process at once, with or without the power. */
  void crash(boolean power) {
    if (mount != null) {
      mount.die();
    }
    if (power) {
      disk.cutPower();
    }
    world.note(this, power ? "loses its power" : "is killed");
    end();
  }

  private void end() {
    process++;
    up = false;
    role = null;
    rocks = null;
    known = null;
    knownStore = null;
    loader = null;
    mount = null;
    comparing = false;
    pausedUntil = 0;
    routes().forEach(Route::disconnect);
  }

  /** Ends the process in order, and returns whether the store was open and could be closed. */
  boolean stop() {
    boolean[] closed = {false};
    if (up) {
      run(
          () -> {
            if (role != null) {
              role.close();
            }
            if (rocks != null) {
              rocks.close();
              closed[0] = true;
            }
          });
      if (up) {
        world.note(this, "is stopped");
        if (mount != null) {
          mount.die();
        }
        end();
      }
    }
    return closed[0] && !up;
  }

  /** Restores a backup at the next start. */
  void restore(Path backup) {
    restoring = backup;
    moved = false;
  }

  /** Stops the machine after that number of changes of files, counted from its next start. */
  void burnAtStart(int changes) {
    burn = changes;
  }

  /** Starts the process on what its disk has. */
  void start() {
    if (up) {
      return;
    }
    up = true;
    mount = disk.mount(this);
    if (burn > 0) {
      disk.burn(burn);
      burn = 0;
    }
    world.note(this, followed == null ? "starts as the origin" : "starts as an edge");
    run(this::boot);
    if (up && role == null && loader == null && !comparing) {
      crash(false);
    }
  }

  /** Returns whether a store is served and no other one is loaded. */
  boolean isSettled() {
    return isServing() && loader == null;
  }

  Path data() {
    if (mount == null) {
      throw new IllegalStateException(name + " is down");
    }
    return mount.getPath("/data");
  }

  private void boot() {
    var directory = new StoreDirectory(data());
    directory.recover();
    if (restoring != null) {
      restore(directory, restoring);
      restoring = null;
    }
    if (followed == null) {
      bootOrigin(directory);
    } else if (!Files.exists(directory.store())) {
      forget();
      load(directory, null);
    } else if (new EdgeFile(data()).read().isEmpty()) {
      demote(directory);
    } else {
      bootEdge();
    }
  }

  private void createData() {
    try {
      SyncedFiles.createDirectories(data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Restores a backup in the place of the store, again after each crash on the way. */
  private void restore(StoreDirectory directory, Path name) {
    Path backup = data().resolveSibling(name.toString());
    if (!Files.exists(backup)) {
      return;
    }
    if (!moved) {
      empty(directory);
      moved = true;
    }
    if (!Files.exists(directory.store())) {
      if (fault == Fault.RESTORED_AS_COPY) {
        copyAll(backup.resolve("store"), directory.store());
      } else {
        new Backup(LIMITS, this, world.random, MasterKeys.NONE).restore(backup, data());
        try (RocksStore store = open(directory.store())) {
          history.restored(Descent.of(store));
        }
      }
    }
    world.note(this, "is restored");
  }

  /** Removes the store as an operator does who knows of power cuts. */
  private void empty(StoreDirectory directory) {
    Path aside = data().resolve("emptied");
    try {
      SyncedFiles.deleteAll(aside);
      if (Files.exists(directory.store())) {
        SyncedFiles.move(directory.store(), aside);
      }
      forget();
      SyncedFiles.deleteAll(aside);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyAll(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.sorted().toList()) {
        Path target = to.resolve(from.relativize(each));
        if (Files.isDirectory(each)) {
          SyncedFiles.createDirectories(target);
        } else {
          SyncedFiles.copy(each, target);
        }
      }
      SyncedFiles.syncFiles(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A directory that is still an edge's is promoted first. */
  private void bootOrigin(StoreDirectory directory) {
    var file = new EdgeFile(data());
    if (file.read().isPresent()) {
      try (RocksStore store = open(directory.store())) {
        promote(store);
      }
      file.delete();
    }
    directory.recoverOrigin();
    createData();
    RocksStore opened = open(directory.store());
    rocks = opened;
    HotStore hot = new HotStore(decided(opened), LIMITS);
    var origin = new Origin(served(hot, opened), this::ticks, chance(), Meter.NONE);
    role = origin;
    startAll(origin.workers(), List.of("writes", "sweeps", "trims"));
  }

  /** A version of an opening that this disk has had. */
  record Reached(long opening, Version version) {
    static final Reached NOTHING = new Reached(0, Version.NONE);
  }

  /** A tail of an older epoch may have been set aside, because another lineage has replaced it. */
  private void requireReached(Reached reached, Descent here, String how) {
    if (!reached.equals(Reached.NOTHING)
        && history.epoch(reached.opening()) == here.epoch()
        && !History.has(here, reached.opening(), reached.version())) {
      throw new Violation(
          name + " has " + how + " version " + reached.version() + " and is at " + here.latest());
    }
  }

  /** Plants the fault that openings have equal ids: every start draws the same numbers. */
  private Random chance() {
    return fault == Fault.RESTORED_AS_COPY ? new Random(1) : world.random;
  }

  private RocksStore open(Path store) {
    return RocksStore.open(store, LIMITS, this, world.random);
  }

  private SeamStore decided(RocksStore store) {
    Descent here = Descent.of(store);
    opening = here.openings().newest();
    history.opened(here);
    requireReached(durable, here, "made durable");
    return new SeamStore(
        store,
        new SeamStore.Decisions() {
          @Override
          public void begin(List<Change> changes) {
            opening = history.begin(opening, changes, copied);
          }

          @Override
          public void durable(List<Change> changes) {
            history.durable(opening, changes.getLast().version());
          }

          @Override
          public void shown(List<Change> changes) {
            durable = new Reached(opening, changes.getLast().version());
          }

          @Override
          public void failed(List<Change> changes) {
            history.failed(opening, changes);
            opening = Descent.of(store).openings().newest();
          }
        },
        fault,
        this::instant);
  }

  private ServedStore served(HotStore hot, RocksStore store) {
    return new ServedStore(hot, store, LIMITS, this);
  }

  /** Makes the store of an edge the one of an origin. */
  private void promote(RocksStore store) {
    SeamStore decided = decided(store);
    copied = false;
    promoting = true;
    if (fault != Fault.PROMOTED_WITHOUT_LEAP) {
      NewLineage.begin(decided, instant(), world.random);
    }
    promoting = false;
  }

  private void bootEdge() {
    RocksStore opened = open(new StoreDirectory(data()).store());
    rocks = opened;
    if (promoting) {
      Descent here = Descent.of(opened);
      history.durable(here.openings().newest(), here.latest());
      promoting = false;
    }
    var seam = new SeamStore(opened, SeamStore.Decisions.NONE, fault, this::instant);
    HotStore hot = new HotStore(seam, LIMITS);
    var replica =
        new Replica(served(hot, opened), this::ticks, route, selection, new Watcher(process));
    role = replica;
    Worker follower = new RestartingWorker(replica.workers().getFirst(), this::failed);
    route.onReady(step("follows", process, follower, route::isReady)::wake);
    startAll(replica.workers().subList(1, 2), List.of("asks"));
    step("refreshes", process, replica.workers().get(2), () -> !route.isReading());
  }

  private void failed(Throwable failure) {
    if (failure instanceof StoreDamagedException damage) {
      throw damage;
    }
    if (failure instanceof PowerCut cut) {
      throw cut;
    }
    world.note(this, "fails: " + failure);
  }

  private final class Watcher implements Replica.Watcher {
    private final long own;

    Watcher(long own) {
      this.own = own;
    }

    @Override
    public void applied(List<Change> changes) {}

    @Override
    public void troubled(String why) {
      world.note(Machine.this, "does not follow: " + why);
    }

    @Override
    public void lost(String why) {
      if (own == process && loader == null) {
        world.note(Machine.this, "needs a snapshot: " + why);
        load(new StoreDirectory(data()), descent());
      }
    }
  }

  private void startAll(List<Worker> workers, List<String> names) {
    for (int i = 0; i < workers.size(); i++) {
      step(names.get(i), process, workers.get(i), () -> true);
    }
  }

  private StoreReplacement replacement(StoreDirectory directory) {
    return new StoreReplacement(new StoreOpener(directory, LIMITS, this, world.random));
  }

  private void load(StoreDirectory directory, @Nullable Descent own) {
    createData();
    new EdgeFile(data()).write(followed().name, followed().name, "");
    Loader now = new Loader(this, directory, replacement(directory), loading, own);
    loader = now;
    stepLoader(now, process, Duration.ZERO);
  }

  private void stepLoader(Loader now, long own, Duration wait) {
    world.after(
        wait.plus(world.between(500, 10_000)),
        "loads",
        this,
        () -> {
          if (own != process || loader != now) {
            return;
          }
          Duration[] next = {Duration.ZERO};
          if (!isPaused() && now.isReady() && !run(() -> next[0] = now.step())) {
            return;
          }
          if (now.isComplete()) {
            run(this::install);
          } else {
            stepLoader(now, own, next[0]);
          }
        });
  }

  /** The server closes the store in use, puts the new one in place and opens it. */
  private void install() {
    loader = null;
    var directory = new StoreDirectory(data());
    if (role != null) {
      role.close();
      role = null;
    }
    if (rocks != null) {
      rocks.close();
      rocks = null;
    }
    process++;
    route.disconnect();
    try {
      if (takesAnySnapshot()) {
        directory.install();
      } else {
        replacement(directory)
            .install()
            .ifPresent(kept -> world.note(this, "keeps " + kept.getFileName()));
      }
      new EdgeFile(data()).installed();
    } catch (IOException e) {
      world.note(this, "stays as it is: " + e.getMessage());
    }
    bootEdge();
  }

  private boolean takesAnySnapshot() {
    return fault == Fault.FOREIGN_TAKEN || fault == Fault.BEHIND_TAKEN;
  }

  /** Makes an edge of what was an origin; an operator empties one that has changes of its own. */
  private void demote(StoreDirectory directory) {
    long own = process;
    comparing = true;
    Descent here;
    try {
      Descent there = loading.descent();
      if (own != process || !up) {
        return;
      }
      try (RocksStore store = open(directory.store())) {
        here = Descent.of(store);
        Version shared =
            switch (Relation.of(here, there)) {
              case Relation.Contained _ -> here.latest();
              case Relation.Forked _, Relation.Behind _ -> Relation.agreed(here, there);
              case Relation.Past _, Relation.Foreign _ -> null;
            };
        if (shared == null || replacement(directory).hasChanges(store, shared)) {
          here = null;
        }
      }
    } catch (IOException _) {
      world.after(RETRY, "compares itself", this, () -> retryDemotion(own));
      return;
    }
    comparing = false;
    if (here == null) {
      world.note(this, "is emptied, because it has changes of its own");
      empty(directory);
      load(directory, null);
    } else {
      load(directory, here);
    }
  }

  private void retryDemotion(long own) {
    if (own == process && up) {
      run(() -> demote(new StoreDirectory(data())));
    }
  }

  @Override
  public Running start(String worker, Worker work) {
    if (worker.equals("selvedge-sync")) {
      // The writer does this work when it awaits it.
      return () -> {};
    }
    boolean[] closed = {false};
    step(worker, process, () -> closed[0] ? Duration.ofDays(1) : work.step(), () -> true);
    return () -> closed[0] = true;
  }

  /** Steps a worker again and again, until the process ends. */
  private Steps step(String event, long own, Worker worker, BooleanSupplier ready) {
    var steps = new Steps(event, own, worker, ready);
    worker.wakeBy(steps::wake);
    steps.schedule(world.between(10, 3000));
    return steps;
  }

  /** The steps of one worker: at most one of them is to come. */
  private final class Steps {
    private final String event;
    private final long own;
    private final Worker worker;
    private final BooleanSupplier ready;
    private long due = Long.MAX_VALUE;

    Steps(String event, long own, Worker worker, BooleanSupplier ready) {
      this.event = event;
      this.own = own;
      this.worker = worker;
      this.ready = ready;
    }

    private void schedule(Duration wait) {
      long at = world.now() + wait.toNanos();
      if (at < due) {
        due = at;
        world.after(wait, event, Machine.this, () -> happen(at));
      }
    }

    private void wake() {
      schedule(world.between(0, 100));
    }

    private void happen(long at) {
      if (own != process || at != due) {
        return;
      }
      due = Long.MAX_VALUE;
      if (isPaused() || !ready.getAsBoolean()) {
        schedule(world.between(50_000, 100_000));
        return;
      }
      Duration[] wait = {RETRY};
      if (run(() -> wait[0] = worker.step()) && own == process) {
        schedule(wait[0].plus(world.between(50, 1000)));
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
