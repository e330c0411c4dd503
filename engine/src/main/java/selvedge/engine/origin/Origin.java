package selvedge.engine.origin;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import selvedge.engine.namespace.Catalog;
import selvedge.engine.namespace.ClockCheck;
import selvedge.engine.namespace.Job;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.namespace.StoreUpkeep;
import selvedge.engine.namespace.StoredNamespaces;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.Store;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.TitleTakenException;
import selvedge.model.Version;

/**
 * The role that orders the writes of a store.
 *
 * <p>Safe for use by many threads. It writes only while its workers are stepped. It must be closed
 * after the threads that step the workers, and before the store.
 */
public final class Origin implements StoreRole {
  private static final int ID_BYTES = 16;

  private final ServedStore served;
  private final RandomGenerator random;
  private final Writer writer;
  private final StoredNamespaces stored;
  private final ClockCheck clockCheck;
  private final MaintenanceTask sweeper;
  private final MaintenanceTask trimmer;
  private final AtomicBoolean begun = new AtomicBoolean();

  /** The last change before this start. Another store may have other changes from there on. */
  private final Version found;

  private final Instant foundAt;

  /** What follows from the claim that another store has changes that this one lacks. */
  public enum Claim {
    /** A new lineage has begun. */
    BEGUN,
    /** A lineage had begun since the start, and no other one begins. */
    BEGUN_BEFORE,
    /** The other store names a version that no store of this lineage can have by now. */
    IMPOSSIBLE
  }

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public Origin(ServedStore served, LongSupplier ticks, RandomGenerator random, Meter meter) {
    this.served = served;
    this.random = random;
    Limits limits = served.limits();
    this.clockCheck = new ClockCheck(served.clock(), ticks, served.store().trustedAt(), limits);
    clockCheck.record(served.store());
    this.found = served.store().latest();
    this.foundAt = NewLineage.lastChangeAt(served.store(), served.clock().instant());
    open();
    this.writer = new Writer(served.store(), limits, served.clock(), meter, this::committed);
    this.stored = new StoredNamespaces(served, writer, new NewestReads(served.store()));
    var upkeep = new StoreUpkeep(served, clockCheck, stored.signal().readers());
    this.sweeper =
        new MaintenanceTask(
            writer,
            () -> limits.seconds(Limit.SWEEP_SECONDS),
            measured(batch -> upkeep.sweep(batch.now()), meter));
    this.trimmer =
        new MaintenanceTask(
            writer, upkeep::interval, measured(batch -> upkeep.trim(batch.now()), meter));
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
   * Writes a change that distinguishes this opening of the store from every other one, also from
   * one of a copy. It must not carry the time of a doubtful clock, because the next start compares
   * the clock with it.
   */
  private void open() {
    Instant now = clockCheck.isTrusted() ? served.clock().instant() : served.store().changedAt();
    NewLineage.open(served.store(), now, random);
  }

  /**
   * Begins a new lineage under a new epoch, because another store has changes of the lineage that
   * this one lacks. Returns once it is durable. Later versions are far above all known ones.
   *
   * <p>An origin begins at most one lineage. One that could not be written does not count.
   *
   * @param agreed the last version up to which this store and the other one have the same changes
   * @param elsewhere the newest version of the other store
   */
  public Claim beginLineage(Version agreed, Version elsewhere) {
    if (!isPossible(elsewhere)) {
      return Claim.IMPOSSIBLE;
    }
    if (!begun.compareAndSet(false, true)) {
      return Claim.BEGUN_BEFORE;
    }
    try {
      writeLineage(agreed, elsewhere);
    } catch (RuntimeException e) {
      begun.set(false);
      throw e;
    }
    return Claim.BEGUN;
  }

  /**
   * Returns whether another store of this lineage can have a version by now. Otherwise one false
   * claim could use up the numbers of all later lineages. A clock that was set back must not make a
   * true claim look false, so it is at least the time of the newest change.
   */
  private boolean isPossible(Version elsewhere) {
    Store store = served.store();
    Instant changedAt = store.changedAt();
    Instant clock = served.clock().instant();
    Instant now = clock.isAfter(changedAt) ? clock : changedAt;
    return elsewhere.compareTo(NewLineage.start(found, foundAt, now)) < 0
        || elsewhere.compareTo(NewLineage.start(store.latest(), changedAt, now)) < 0;
  }

  private void writeLineage(Version agreed, Version elsewhere) {
    writer.call(
        batch -> {
          batch.seal();
          Descent descent = Descent.of(served.store());
          Version last = elsewhere.number() > batch.last() ? elsewhere : new Version(batch.last());
          Version first = NewLineage.start(last, served.store().changedAt(), batch.now());
          Descent known =
              new Descent(
                  descent.epoch(),
                  new Version(batch.last()),
                  descent.lineage(),
                  descent.openings());
          NewLineage.Plan plan = NewLineage.plan(known, agreed, first, random);
          batch.skipTo(first);
          batch.add(NamespaceId.SYSTEM, plan.openings());
          return batch.add(NamespaceId.SYSTEM, plan.lineage());
        });
  }

  @Override
  public StoredNamespaces stored() {
    return stored;
  }

  @Override
  public ClockCheck clockCheck() {
    return clockCheck;
  }

  private void committed(List<Change> changes) {
    if (changes.stream().anyMatch(NewLineage::concerns)) {
      Descent.settle(served.store());
    }
    stored.catalog().apply(changes);
    stored.signal().raise(changes.getLast().version());
  }

  /** Returns the writer, the sweeper and the trimmer. */
  @Override
  public List<Worker> workers() {
    return List.of(writer, sweeper, trimmer);
  }

  @Override
  public NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
    served.limits().requireTitle(title);
    return writer.call(
        batch -> {
          requireUnusedTitle(account, title);
          requireFewerNamespaces(account);
          var info = new NamespaceInfo(newId(), account, title, batch.now(), mode);
          batch.add(NamespaceId.SYSTEM, Catalog.put(info));
          batch.seal();
          return info;
        });
  }

  @Override
  public NamespaceInfo rename(NamespaceId id, String title) {
    served.limits().requireTitle(title);
    return writer.call(
        batch -> {
          NamespaceInfo before = stored.require(id);
          if (before.title().equals(title)) {
            return before;
          }
          requireUnusedTitle(before.account(), title);
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
          stored.require(id);
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

  private void requireUnusedTitle(AccountId account, String title) {
    stored
        .catalog()
        .find(account, title)
        .ifPresent(
            holder -> {
              throw new TitleTakenException(title, holder.id());
            });
  }

  private void requireFewerNamespaces(AccountId account) {
    long most = served.limits().get(Limit.NAMESPACES_PER_ACCOUNT);
    if (stored.catalog().count(account) >= most) {
      throw new LimitExceededException(
          "an account may have at most " + most + " namespaces: delete one of them");
    }
  }

  private NamespaceId newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new NamespaceId(HexFormat.of().formatHex(id));
  }
}
