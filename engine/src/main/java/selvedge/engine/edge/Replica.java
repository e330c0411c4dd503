package selvedge.engine.edge;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import selvedge.engine.cache.HeldEntries;
import selvedge.engine.feed.Feed;
import selvedge.engine.namespace.ClockCheck;
import selvedge.engine.namespace.NamespaceHost;
import selvedge.engine.namespace.StalenessBounds;
import selvedge.engine.namespace.StoredNamespace;
import selvedge.engine.namespace.Writes;
import selvedge.engine.replication.Descent;
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
import selvedge.model.NotHereException;
import selvedge.model.ReadOptions;
import selvedge.model.StaleException;
import selvedge.model.Staleness;

/**
 * What an origin holds, as far as it is known here: answers reads and follows the origin's feed.
 *
 * <p>Safe for use by many threads; its one worker changes the store. Writes belong to the origin,
 * and are refused here.
 */
public final class Replica extends NamespaceHost {
  private final OriginClock time;
  private final StalenessBounds bounds;
  private final Freshness freshness;
  private final PropagationDelays delays;
  private final Follower follower;
  private final InstantSource here;
  private final ReplicaUpkeep upkeep;
  private final OriginPoller pulse;
  private final Watcher watcher;
  private final Selection selection;
  private final HeldEntries held;
  private final ReadThrough reads;
  private final LongAdder stale = new LongAdder();

  /** Hears what happens to a replica, on its follower's thread. */
  public interface Watcher {

    /** These changes can be read here now. */
    void applied(List<Change> changes);

    /** The origin's feed does not lead on from here: only a snapshot does. */
    void lost(String why);

    /** The feed cannot be followed for now. */
    default void troubled(String why) {}
  }

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   * @param selection the namespaces of which all is here
   */
  public Replica(
      Store store,
      Feed feed,
      Limits limits,
      InstantSource clock,
      LongSupplier ticks,
      Source source,
      Selection selection,
      Watcher watcher) {
    var best = new OriginClock(clock, ticks);
    super(
        settled(store),
        feed,
        limits,
        best,
        new ClockCheck(clock, ticks, store.changedAt(), limits));
    this.time = best;
    this.watcher = watcher;
    this.bounds = new StalenessBounds(store);
    this.freshness = new Freshness(ticks);
    this.delays = new PropagationDelays(ticks);
    this.selection = selection;
    this.held = new HeldEntries(limits, store.latest());
    this.reads =
        new ReadThrough(
            held, source, freshness, bounds, store::latest, this::admitPast, ticks, limits);
    this.upkeep = new ReplicaUpkeep(this::free, ticks, limits.seconds(Limit.SWEEP_SECONDS));
    this.here = clock;
    this.follower = new Follower(store, limits, source, clock, new Arrivals());
    var interval = Duration.ofMillis(limits.get(Limit.PULSE_MILLIS));
    this.pulse = new OriginPoller(source, store, freshness, ticks, time, interval);
  }

  private static Store settled(Store store) {
    Descent.settle(store);
    return store;
  }

  /** What becomes of the changes of the feed. */
  private final class Arrivals implements Follower.Intake {
    @Override
    public boolean stores(NamespaceId namespace) {
      return selection.has(namespace);
    }

    /** Copies are changed first, so that none is behind what the store shows. */
    @Override
    public List<Change> taken(List<Change> changes) {
      if (selection.isPartial()) {
        held.apply(changes.stream().filter(change -> !stores(change.namespace())).toList());
      }
      return selection.of(changes);
    }

    @Override
    public void applied(List<Change> changes) {
      if (!changes.isEmpty()) {
        catalog.apply(changes);
        bounds.apply(changes);
        watcher.applied(changes);
        signal.raise(changes.getLast().version());
        delays.add(Duration.between(changes.getFirst().at(), originTime()));
      }
      freshness.reached(store.latest());
    }

    @Override
    public boolean upkeep() {
      return upkeep.step();
    }

    @Override
    public void lost(String why) {
      watcher.lost(why);
    }

    @Override
    public void troubled(String why) {
      watcher.troubled(why);
    }
  }

  @Override
  public List<Worker> workers() {
    return List.of(follower, pulse, reads);
  }

  public Freshness freshness() {
    return freshness;
  }

  public PropagationDelays delays() {
    return delays;
  }

  public Follower.Connection connection() {
    return follower.connection();
  }

  /** Frees only what has passed by the clock here and by what the origin last said. */
  private boolean free() {
    Instant now = here.instant();
    boolean more = trim(now);
    return time.last().isPresent()
        ? sweep(time.last().get().isBefore(now) ? time.last().get() : now) || more
        : more;
  }

  /** The origin's time, as far as it is known here. */
  public Instant originTime() {
    return time.instant();
  }

  /** How many answers were older than the bound of their namespace. */
  public long staleAnswers() {
    return stale.sum();
  }

  @Override
  public boolean checksWrites() {
    return false;
  }

  @Override
  public Writes writes() {
    return RefusedWrites.INSTANCE;
  }

  /** Whether not all of the namespaces are here. */
  public boolean isPartial() {
    return selection.isPartial();
  }

  /** The namespaces of which only what is read is held here. */
  public Set<NamespaceId> cached() {
    return selection.cached();
  }

  public long cachedHits() {
    return reads.hits();
  }

  public long cachedMisses() {
    return reads.misses();
  }

  @Override
  public Namespace open(NamespaceId id) {
    if (!selection.has(id)) {
      require(id);
      return new CachedNamespace(id, reads, clock);
    }
    return super.open(id);
  }

  @Override
  public Optional<Lookup> peek(NamespaceId id, Key key) {
    return !selection.has(id) && catalog.has(id)
        ? reads.peek(new Name(id, key)).map(found -> StoredNamespace.judge(found, clock))
        : super.peek(id, key);
  }

  @Override
  public void requireFresh(ReadOptions how) {
    if (how.atLeast().compareTo(store.latest()) > 0
        || !(how.takesAnyAge() || freshness.isWithin(how.maxAge()))) {
      throw new NotHereException("what is here is not as fresh as was asked: ask the origin");
    }
  }

  @Override
  public Optional<Duration> age() {
    return freshness.age();
  }

  @Override
  public void admitRead(NamespaceId id) {
    if (!freshness.isWithin(bounds.of(id).bound())) {
      admitPast(id);
    }
  }

  /** Counts an answer that is older than its namespace would like, or refuses it. */
  private void admitPast(NamespaceId id) {
    Staleness staleness = bounds.of(id);
    if (staleness.past() == Staleness.Past.REFUSE) {
      throw new StaleException(
          "this edge has not been complete for "
              + freshness.age().map(age -> age.toMillis() + " ms").orElse("an unknown time")
              + ", and the namespace allows "
              + staleness.bound().toMillis()
              + " ms");
    }
    stale.increment();
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
