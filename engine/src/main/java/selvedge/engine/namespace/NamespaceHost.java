package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.Store;
import selvedge.model.AccountId;
import selvedge.model.Condition;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.Version;

/** What an origin and a replica have in common: they read their store alike. */
public abstract class NamespaceHost implements StoreRole {
  private static final Duration FOREVER = Duration.ofDays(36_500);

  public final Store store;
  final Feed feed;
  public final Limits limits;
  public final InstantSource clock;
  public final Catalog catalog;
  public final FeedSignal signal;

  @SuppressWarnings("this-escape") // it is stepped only after construction
  private final MetadataCount metadata = new MetadataCount(this);

  final ClockCheck clockCheck;

  /**
   * @param clock by which expiry is judged
   * @param clockCheck of the clock of this machine
   */
  public NamespaceHost(
      Store store, Feed feed, Limits limits, InstantSource clock, ClockCheck clockCheck) {
    this.store = store;
    this.feed = feed;
    this.limits = limits;
    this.clock = clock;
    this.clockCheck = clockCheck;
    this.catalog = new Catalog(store);
    this.signal = new FeedSignal(store.latest());
  }

  @Override
  public Optional<String> clockDoubt() {
    return clockCheck.doubt();
  }

  @Override
  public void confirmClock() {
    clockCheck.confirm();
  }

  /** Forgets changes by their age only while the clock is trusted, and by their size always. */
  protected boolean trim(Instant now) {
    Duration age = clockCheck.isTrusted() ? limits.seconds(Limit.FEED_SECONDS) : FOREVER;
    return feed.trim(age, limits.get(Limit.FEED_BYTES), now);
  }

  /** Frees what expired before the moment and the grace, while the clock is trusted. */
  protected boolean sweep(Instant moment) {
    return clockCheck.isTrusted()
        && store.sweep(
            moment.minus(limits.seconds(Limit.EXPIRY_GRACE_SECONDS)),
            limits.size(Limit.SWEEP_ENTRIES));
  }

  /** Returns where the writes of an opened namespace go. */
  public abstract Writes writes();

  /** Refuses or counts a read that may not be answered as things stand. */
  public abstract void admitRead(NamespaceId id);

  /** Refuses a read for which what is here is not fresh enough. */
  public abstract void requireFresh(ReadOptions how);

  /** How long ago what is here was all there was; empty if that is not known. */
  public abstract Optional<Duration> age();

  @Override
  public Optional<NamespaceInfo> find(NamespaceId id) {
    return catalog.find(id);
  }

  @Override
  public Optional<NamespaceInfo> find(AccountId account, String title) {
    return catalog.find(account, title);
  }

  @Override
  public List<NamespaceInfo> list(AccountId account) {
    return catalog.list(account);
  }

  @Override
  public List<AccountId> accounts() {
    return catalog.accounts();
  }

  @Override
  public Namespace open(NamespaceId id) {
    require(id);
    admitRead(id);
    return new StoredNamespace(id, this);
  }

  @Override
  public Namespace system() {
    return new StoredNamespace(NamespaceId.SYSTEM, this);
  }

  @Override
  public Optional<Lookup> peek(NamespaceId id, Key key) {
    if (!catalog.has(id)) {
      return Optional.empty();
    }
    admitRead(id);
    return store.peek(id, key).map(lookup -> StoredNamespace.judge(lookup, clock));
  }

  @Override
  public void submit(
      NamespaceId id, Mutation mutation, Condition condition, Completion<Outcome> completion) {
    new StoredNamespace(id, this).submit(mutation, condition, completion);
  }

  /** Returns whether every write is checked here; an edge takes what its origin sends. */
  public abstract boolean checksWrites();

  protected NamespaceInfo require(NamespaceId id) {
    return catalog
        .find(id)
        .orElseThrow(() -> new NamespaceNotFoundException("there is no namespace " + id));
  }

  @Override
  public Version latest() {
    return store.latest();
  }

  @Override
  public long epoch() {
    return store.epoch();
  }

  @Override
  public Descent descent() {
    return Descent.of(store);
  }

  @Override
  public Feed feed() {
    return feed;
  }

  @Override
  public MetadataCount metadata() {
    return metadata;
  }

  @Override
  public FeedSignal signal() {
    return signal;
  }
}
