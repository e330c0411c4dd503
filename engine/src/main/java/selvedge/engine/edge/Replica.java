package selvedge.engine.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import selvedge.engine.cache.HeldEntries;
import selvedge.engine.namespace.ClockCheck;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StalenessBounds;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.namespace.StoreUpkeep;
import selvedge.engine.namespace.StoredNamespace;
import selvedge.engine.namespace.StoredNamespaces;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Name;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;

/**
 * The role that follows the feed of an origin and answers reads from its own store.
 *
 * <p>Safe for use by many threads. Its first worker changes the store. It refuses every write,
 * because only the origin accepts writes.
 */
public final class Replica implements StoreRole {
  private final OriginClock time;
  private final StalenessBounds bounds;
  private final Freshness freshness;
  private final PropagationDelays delays;
  private final Arrivals follower;
  private final FeedIntake intake = new FeedIntake();
  private final InstantSource clock;
  private final ReplicaUpkeep upkeep;
  private final OriginPoller poller;
  private final Watcher watcher;
  private final Selection selection;
  private final HeldEntries held;
  private final ReadThrough reads;
  private final StoredNamespaces stored;
  private final BoundedReads admission;
  private final ClockCheck clockCheck;
  private final StoreUpkeep storeUpkeep;

  /** Receives the events of a replica, on the thread of its follower. */
  public interface Watcher {

    /** Receives changes that are visible at this replica from now on. */
    void applied(List<Change> changes);

    /** Receives how long the changes took to become visible. */
    default void delayed(Duration delay) {}

    /** Receives the reason why only a snapshot can bring this replica up to date. */
    void lost(String reason);

    /** Receives the reason why the feed cannot be followed for now. */
    default void troubled(String reason) {}

    /** Receives that the store must be opened again before it accepts writes. */
    default void refused() {}
  }

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   * @param selection the namespaces that are replicated
   */
  public Replica(
      ServedStore served, LongSupplier ticks, Source source, Selection selection, Watcher watcher) {
    this(served, ticks, new Input(source, selection, Follower::new), watcher);
    Descent.settle(served.store());
  }

  /**
   * Returns a replica whose store is changed by another thread, which passes the changes of each
   * commit to {@link #applied}. Only the position of the source is read.
   *
   * @param connected returns whether that thread receives the changes
   */
  public static Replica applying(
      ServedStore served,
      LongSupplier ticks,
      Source source,
      Watcher watcher,
      BooleanSupplier connected) {
    ArrivalsFactory arrivals =
        (_, _, _, clock, intake) -> new AppliedChanges(intake, connected, clock);
    return new Replica(served, ticks, new Input(source, Selection.EVERYTHING, arrivals), watcher);
  }

  /** Where the changes come from, and which of them the store has. */
  private record Input(Source source, Selection selection, ArrivalsFactory arrivals) {}

  /** Creates what brings the changes. */
  private interface ArrivalsFactory {
    Arrivals create(
        Store store, Limits limits, Source source, InstantSource clock, Follower.Intake intake);
  }

  private Replica(ServedStore served, LongSupplier ticks, Input input, Watcher watcher) {
    Source source = input.source();
    Store store = served.store();
    Limits limits = served.limits();
    this.clock = served.clock();
    this.time = new OriginClock(clock, ticks);
    this.watcher = watcher;
    this.clockCheck = new ClockCheck(clock, ticks, store.trustedAt(), limits);
    clockCheck.record(store);
    this.bounds = new StalenessBounds(store);
    this.freshness = new Freshness(ticks);
    this.admission = new BoundedReads(store, freshness, bounds);
    this.delays = new PropagationDelays(ticks);
    this.selection = input.selection();
    this.held = new HeldEntries(limits, store.latest(), Descent.of(store).openings().newest());
    this.reads = new ReadThrough(held, source, admission, store, ticks, limits);
    var timed = new ServedStore(store, served.feed(), limits, time);
    this.stored = new StoredNamespaces(timed, RefusedWrites.INSTANCE, admission);
    this.storeUpkeep = new StoreUpkeep(timed, clockCheck, stored.signal().readers());
    this.upkeep = new ReplicaUpkeep(this::free, ticks, storeUpkeep::interval);
    this.follower = input.arrivals().create(store, limits, source, clock, intake);
    var interval = Duration.ofMillis(limits.get(Limit.PULSE_MILLIS));
    this.poller = new OriginPoller(source, store, freshness, time, interval);
  }

  /** Handles the changes that the follower receives. */
  private final class FeedIntake implements Follower.Intake {
    @Override
    public boolean stores(NamespaceId namespace) {
      return selection.has(namespace);
    }

    /** Updates cached copies before the store, so that no copy is older than the store. */
    @Override
    public List<Change> select(List<Change> changes) {
      if (selection.isPartial()) {
        changes.stream()
            .flatMap(change -> NewLineage.opening(change).stream())
            .forEach(opening -> held.follow(opening.id()));
        held.apply(changes.stream().filter(change -> !stores(change.namespace())).toList());
      }
      return selection.of(changes);
    }

    @Override
    public void applied(List<Change> changes) {
      if (!changes.isEmpty()) {
        stored.catalog().apply(changes);
        bounds.apply(changes);
        watcher.applied(changes);
        stored.signal().raise(changes.getLast().version());
        Duration delay = Duration.between(changes.getFirst().at(), originTime());
        delays.add(delay);
        watcher.delayed(delay);
      }
      freshness.reached(latest());
    }

    @Override
    public boolean upkeep() {
      return upkeep.step();
    }

    @Override
    public void lost(String reason) {
      watcher.lost(reason);
    }

    @Override
    public void troubled(String reason) {
      watcher.troubled(reason);
    }

    @Override
    public void refused() {
      watcher.refused();
    }
  }

  /** Receives the changes of a commit that another thread has made, on that thread. */
  public void applied(List<Change> changes) {
    intake.applied(changes);
  }

  @Override
  public List<Worker> workers() {
    return List.of(follower, poller, reads);
  }

  /** Returns the age of this replica. */
  public Freshness freshness() {
    return freshness;
  }

  /** Returns how long changes took to become visible at this replica. */
  public PropagationDelays delays() {
    return delays;
  }

  /** Returns the state of the connection to the origin. */
  public Follower.Connection connection() {
    return follower.connection();
  }

  /** Frees entries that have expired both by the clock of this machine and by the origin's. */
  private boolean free() {
    Instant now = clock.instant();
    boolean more = storeUpkeep.trim(now);
    return time.last().isPresent()
        ? storeUpkeep.sweep(time.last().get().isBefore(now) ? time.last().get() : now) || more
        : more;
  }

  /** Returns the origin's time as this replica measures it. */
  public Instant originTime() {
    return time.instant();
  }

  /**
   * Returns the clock of this machine minus that of the origin; empty before the origin answered.
   */
  public Optional<Duration> clockSkew() {
    return time.last().map(_ -> Duration.between(time.instant(), clock.instant()));
  }

  /** Returns how many answers were older than the bound of their namespace. */
  public long staleAnswers() {
    return admission.staleAnswers();
  }

  @Override
  public StoredNamespaces stored() {
    return stored;
  }

  @Override
  public ClockCheck clockCheck() {
    return clockCheck;
  }

  /** Returns whether some namespaces are only cached. */
  public boolean isPartial() {
    return selection.isPartial();
  }

  /** Returns the namespaces that are only cached. */
  public Set<NamespaceId> cached() {
    return selection.cached();
  }

  /** Returns how many reads of cached namespaces were answered from held copies. */
  public long cachedHits() {
    return reads.hits();
  }

  /** Returns how many reads of cached namespaces needed the origin. */
  public long cachedMisses() {
    return reads.misses();
  }

  @Override
  public Namespace open(NamespaceId id) {
    if (!selection.has(id)) {
      stored.require(id);
      return new CachedNamespace(id, reads, time);
    }
    return stored.open(id);
  }

  @Override
  public Optional<Lookup> peek(NamespaceId id, Key key) {
    return !selection.has(id) && stored.catalog().has(id)
        ? reads.peek(new Name(id, key)).map(found -> StoredNamespace.unexpired(found, time))
        : stored.peek(id, key);
  }

  @Override
  public NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
    throw RefusedWrites.refusal();
  }

  @Override
  public NamespaceInfo rename(NamespaceId id, String title) {
    throw RefusedWrites.refusal();
  }

  @Override
  public void delete(NamespaceId id) {
    throw RefusedWrites.refusal();
  }

  @Override
  public int queuedWrites() {
    return 0;
  }

  @Override
  public void close() {
    follower.close();
  }
}
