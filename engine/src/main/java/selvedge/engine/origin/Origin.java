package selvedge.engine.origin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import selvedge.engine.feed.Feed;
import selvedge.engine.namespace.Catalog;
import selvedge.engine.namespace.ClockCheck;
import selvedge.engine.namespace.Job;
import selvedge.engine.namespace.NamespaceHost;
import selvedge.engine.namespace.Writes;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.ReadOptions;
import selvedge.model.StaleException;
import selvedge.model.TitleTakenException;
import selvedge.model.Version;

/**
 * The one place that orders the writes of a store.
 *
 * <p>Safe for use by many threads. Nothing is written until its workers are stepped; it closes
 * after the threads that step them and before its store.
 */
public final class Origin extends NamespaceHost {
  private static final int ID_BYTES = 16;

  private final RandomGenerator random;
  private final Writer writer;
  private final MaintenanceTask sweeper;
  private final MaintenanceTask trimmer;
  private final AtomicBoolean begun = new AtomicBoolean();

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public Origin(
      Store store,
      Feed feed,
      Limits limits,
      InstantSource clock,
      LongSupplier ticks,
      RandomGenerator random,
      Meter meter) {
    var check = new ClockCheck(clock, ticks, store.changedAt(), limits);
    super(opened(store, clock, check, random), feed, limits, clock, check);
    this.random = random;
    this.writer = new Writer(store, limits, clock, meter, this::committed);
    Duration interval = limits.seconds(Limit.SWEEP_SECONDS);
    this.sweeper =
        new MaintenanceTask(writer, interval, measured(batch -> sweep(batch.now()), meter));
    this.trimmer =
        new MaintenanceTask(writer, interval, measured(batch -> trim(batch.now()), meter));
  }

  private static Job<Boolean> measured(Job<Boolean> piece, Meter meter) {
    return batch -> {
      long start = meter.ticks();
      boolean more = piece.decide(batch);
      meter.upkeep(meter.ticks() - start);
      return more;
    };
  }

  /**
   * The first change after an opening tells it from every other one, also in a copy. It is not
   * dated by a clock that may be wrong, since the next start compares the clock with it.
   */
  private static Store opened(
      Store store, InstantSource clock, ClockCheck check, RandomGenerator random) {
    NewLineage.open(store, check.isTrusted() ? clock.instant() : store.changedAt(), random);
    return store;
  }

  /**
   * Goes on under a new epoch, because more of the lineage exists elsewhere than is here. Returns
   * once that is durable; what is written later has versions far above all that are known.
   *
   * <p>Happens at most once for each origin; later calls return false.
   *
   * @param agreed the last version up to which this store and the other one have the same changes
   * @param elsewhere the newest version that exists elsewhere
   */
  public boolean beginLineage(Version agreed, Version elsewhere) {
    if (!begun.compareAndSet(false, true)) {
      return false;
    }
    writer.call(
        batch -> {
          batch.seal();
          Descent descent = Descent.of(store);
          Version last = elsewhere.number() > batch.last() ? elsewhere : new Version(batch.last());
          Version first = NewLineage.start(last, store.changedAt(), batch.now());
          Descent known =
              new Descent(
                  descent.epoch(),
                  new Version(batch.last()),
                  descent.lineage(),
                  descent.openings());
          NewLineage.Plan plan = NewLineage.plan(known, agreed, first, random);
          batch.leap(first);
          batch.add(NamespaceId.SYSTEM, plan.openings());
          return batch.add(NamespaceId.SYSTEM, plan.lineage());
        });
    return true;
  }

  @Override
  public boolean checksWrites() {
    return true;
  }

  @Override
  public Writes writes() {
    return writer;
  }

  /** Here is everything, and whoever names a version that is to come waits in vain. */
  @Override
  public void requireFresh(ReadOptions how) {
    if (how.atLeast().compareTo(store.latest()) > 0) {
      throw new StaleException("there is no version " + how.atLeast() + " yet");
    }
  }

  @Override
  public Optional<Duration> age() {
    return Optional.of(Duration.ZERO);
  }

  /** Whatever is here is the newest. */
  @Override
  public void admitRead(NamespaceId id) {}

  private void committed(List<Change> changes) {
    if (changes.stream().anyMatch(NewLineage::concerns)) {
      Descent.settle(store);
    }
    catalog.apply(changes);
    signal.raise(changes.getLast().version());
  }

  /** The background work: the writer first, then the sweeper and the trimmer. */
  @Override
  public List<Worker> workers() {
    return List.of(writer, sweeper, trimmer);
  }

  @Override
  public NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
    requireTitle(title);
    return writer.call(
        batch -> {
          requireFree(account, title);
          requireRoomFor(account);
          var info = new NamespaceInfo(newId(), account, title, batch.now(), mode);
          batch.add(NamespaceId.SYSTEM, Catalog.put(info));
          batch.seal();
          return info;
        });
  }

  @Override
  public NamespaceInfo rename(NamespaceId id, String title) {
    requireTitle(title);
    return writer.call(
        batch -> {
          NamespaceInfo before = require(id);
          if (before.title().equals(title)) {
            return before;
          }
          requireFree(before.account(), title);
          var info = before.titled(title);
          batch.add(NamespaceId.SYSTEM, Catalog.put(info));
          batch.seal();
          return info;
        });
  }

  @Override
  public void delete(NamespaceId id) {
    Job<Version> job =
        batch -> {
          require(id);
          batch.add(NamespaceId.SYSTEM, new Mutation.Delete(Catalog.key(id)));
          Version version = batch.add(id, new Mutation.Clear(Bytes.EMPTY));
          batch.seal();
          return version;
        };
    writer.call(job);
  }

  @Override
  public int queuedWrites() {
    return writer.queued();
  }

  @Override
  public void close() {
    writer.close();
  }

  private void requireTitle(String title) {
    long length = title.codePointCount(0, title.length());
    if (length == 0) {
      throw new InvalidRequestException("a title has at least one character");
    }
    if (length > limits.get(Limit.TITLE_CHARACTERS)) {
      throw new LimitExceededException(
          "a title of " + length + " characters is over " + limits.get(Limit.TITLE_CHARACTERS));
    }
  }

  private void requireFree(AccountId account, String title) {
    catalog
        .find(account, title)
        .ifPresent(
            holder -> {
              throw new TitleTakenException(title, holder.id());
            });
  }

  private void requireRoomFor(AccountId account) {
    long count = catalog.list(account).size();
    if (count >= limits.get(Limit.NAMESPACES_PER_ACCOUNT)) {
      throw new LimitExceededException(
          "the account has " + count + " namespaces, as many as it may have");
    }
  }

  private NamespaceId newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new NamespaceId(HexFormat.of().formatHex(id));
  }
}
