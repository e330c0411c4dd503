package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.DataKeys;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.Epochs;
import selvedge.engine.store.IndexView;
import selvedge.engine.store.Loading;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Reached;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.engine.store.VersionOrder;
import selvedge.engine.store.journal.Journal;
import selvedge.engine.store.journal.JournalReplay;
import selvedge.engine.store.journal.SyncThread;
import selvedge.engine.store.journal.Watermark;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.FeedPoint;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.RowSeal;
import selvedge.engine.store.row.RowWriter;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;
import selvedge.engine.work.AnyThread;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

/**
 * A store on disk, over RocksDB; its bytes are specified in docs/reference/storage.md.
 *
 * <p>Safe for use by many threads, except that commits, sweeps and trims belong to one writer.
 */
public final class RocksStore implements Store, Feed {
  /** Ends the message of damage in a store that was not closed. */
  private static final String COPIED =
      "; if the directory was copied from a running server, make the copy with selvedge backup"
          + " create instead";

  private static final int USUAL_ROWS = 1024;
  private static final int REPLAYED_AT_ONCE = 1000;
  private static final long TRUSTED_MILLIS = 60_000;

  /** With more files in the journal, a store is large enough for a reserve file. */
  private static final int LARGE_JOURNAL_FILES = 8;

  /** An opening writes as much as the log of the tables has, and some more. */
  private static final long REOPENING_BYTES = 48 << 20;

  private volatile Supplier<Runnable> syncWatch = () -> () -> {};
  private final StoreFiles files;
  private final DamagedTable damaged;
  private final Tables rocks;
  private final Chunks chunks;
  private final Uploads uploads;
  private final Journal journal;
  private final Watermark watermark;
  private final FileStore disk;
  private final int inlineBytes;
  private final long opening;
  private final long blockCacheBytes;
  private final UpkeepState upkeep;
  private final ReserveFile reserve;
  private final RowSeal seal;
  private final Compaction compaction;
  private final Rewriting rewriting;

  /** Held while a copy is made. Work that frees rows or files only tries to lock it. */
  private final ReentrantLock copying = new ReentrantLock();

  /** The versions of the snapshots that are open. */
  private final ConcurrentHashMap<Object, Version> snapshots = new ConcurrentHashMap<>();

  /** The version up to which a flush of the tables was started. */
  private Version moving = Version.NONE;

  private volatile long epoch;

  /** The time that {@link #trusted} has recorded; 0 for none. */
  private volatile long trustedMillis;

  /** The commits in the journal that are not in the tables yet. */
  private final List<Round> rounds = new ArrayList<>();

  /** The sync of those commits, while it runs. */
  private SyncThread.@Nullable Task hurried;

  private final SyncThread aside;
  private long replayed;
  private FeedPoint mark;
  private volatile FeedPoint end;
  private volatile Version horizon;

  /** Opens a store that is not encrypted. */
  public static RocksStore open(
      Path directory, Limits limits, InstantSource clock, RandomGenerator random) {
    return open(directory, limits, clock, random, MasterKeys.NONE);
  }

  /**
   * Opens a store, and makes one if the directory is empty or does not exist.
   *
   * @param masters if they have a key, the store is encrypted: one that is not yet is rewritten in
   *     the background
   */
  public static RocksStore open(
      Path directory,
      Limits limits,
      InstantSource clock,
      RandomGenerator random,
      MasterKeys masters) {
    StoreFiles files = StoreFiles.open(directory);
    boolean closed = files.seal().isSet();
    try {
      return open(files, limits, clock, random, masters);
    } catch (RuntimeException e) {
      files.close();
      throw !closed && e instanceof StoreDamagedException
          ? new StoreDamagedException(e.getMessage() + COPIED, e)
          : e;
    }
  }

  /** Opens the store without merging if the first attempt finds a damaged table. */
  private static RocksStore open(
      StoreFiles files,
      Limits limits,
      InstantSource clock,
      RandomGenerator random,
      MasterKeys masters) {
    var damaged = new DamagedTable(files.damaged(), files.database());
    boolean known = damaged.damage().isPresent();
    try {
      return new RocksStore(files, damaged, limits, clock, random, masters);
    } catch (StoreDamagedException e) {
      if (known || !damaged.note(e)) {
        throw e;
      }
    }
    try {
      return new RocksStore(files, damaged, limits, clock, random, masters);
    } catch (RuntimeException e) {
      damaged.forget();
      throw e;
    }
  }

  private RocksStore(
      StoreFiles files,
      DamagedTable damaged,
      Limits limits,
      InstantSource clock,
      RandomGenerator random,
      MasterKeys masters) {
    this.files = files;
    this.damaged = damaged;
    this.inlineBytes = limits.size(Limit.INLINE_BYTES);
    this.blockCacheBytes = limits.get(Limit.BLOCK_CACHE_BYTES);
    Platform platform = Platform.of(files.database());
    this.aside = new SyncThread("selvedge-sync", platform.threads());
    this.watermark = new Watermark(files.watermark(), platform.threads());
    Version acknowledged = watermark.found();
    boolean fresh = acknowledged.equals(Version.NONE) && !hasDatabase();
    if (!fresh && !hasDatabase()) {
      throw new StoreDamagedException(files.database().resolve("CURRENT") + " is missing");
    }
    DataKeys keys = dataKeys(files, masters, fresh);
    this.seal = keys == null ? RowSeal.OFF : RowSeal.under(keys);
    boolean sealed = files.seal().verify();
    if (hasDatabase()) {
      LogRecords.verify(files.database());
    }
    files.seal().breakOpen();
    this.rocks =
        platform.tables().open(files.database(), fresh || !hasDatabase(), damaged, blockCacheBytes);
    try {
      this.disk = Files.getFileStore(files.database());
      this.chunks = new Chunks(rocks, seal);
      this.upkeep =
          UpkeepState.of(
              rocks, chunks, limits, clock, new Reclaiming(rocks, platform.threads(), damaged));
      this.reserve =
          new ReserveFile(
              files.reserve(), limits.get(Limit.DISK_RESERVE_BYTES), platform.threads());
      this.end = end();
      this.mark = end;
      this.opening = number(Upkeep.Fact.OPENINGS, 0) + 1;
      this.horizon = new Version(number(Upkeep.Fact.HORIZON, 0));
      this.journal = journal(files, horizon, opening, random.nextLong(), platform);
      requireWhole();
      if (!sealed) {
        replay(acknowledged);
      }
      requireAcknowledged(acknowledged);
      files.upgrade();
      this.epoch = number(Upkeep.Fact.EPOCH, Epochs.draw(random));
      this.trustedMillis = number(Upkeep.Fact.TRUSTED, 0);
      this.uploads = new Uploads(rocks, chunks, clock, limits.size(Limit.CHUNK_BYTES), opening);
      begin();
      if (latest().compareTo(acknowledged) > 0) {
        watermark.write(latest());
      }
      this.compaction = new Compaction(rocks);
      this.rewriting = new Rewriting(rocks, platform.threads(), chunks, keys, latest());
    } catch (IOException e) {
      rocks.close();
      throw new UncheckedIOException("cannot use " + files.database(), e);
    } catch (RuntimeException e) {
      rocks.close();
      throw e;
    }
  }

  private static Journal journal(
      StoreFiles files, Version horizon, long opening, long mark, Platform platform) {
    return new Journal(
        files.journal(), horizon, opening, mark, platform.threads(), platform.journalFileBytes());
  }

  /** Returns the data keys of the store, null if it is not encrypted. */
  private static @Nullable DataKeys dataKeys(StoreFiles files, MasterKeys masters, boolean fresh) {
    if (files.isEncrypted()) {
      return DataKeys.open(files.dataKeys(), masters);
    }
    if (masters.read().isEmpty()) {
      return null;
    }
    DataKeys keys =
        DataKeys.exist(files.dataKeys())
            ? DataKeys.open(files.dataKeys(), masters)
            : DataKeys.create(files.dataKeys(), masters, !fresh);
    files.markEncrypted();
    return keys;
  }

  private boolean hasDatabase() {
    return Files.exists(files.database().resolve("CURRENT"));
  }

  private FeedPoint end() {
    byte[] row = rocks.get(Table.UPKEEP, Upkeep.Fact.LATEST.key());
    return Upkeep.latest(row, rocks.name(Table.UPKEEP));
  }

  /** An opening is durable in the log before the journal can have a file of it. */
  private void requireWhole() {
    if (journal.lastOpening() >= opening) {
      throw new StoreDamagedException(
          "the log of " + files.database() + " is damaged: it lacks the last opening");
    }
    Version start = journal.start(end.version());
    if (start.compareTo(end.version()) > 0) {
      throw missing(end.version(), start);
    }
    horizon = start.compareTo(horizon) > 0 ? start : horizon;
  }

  private StoreDamagedException missing(Version after, Version last) {
    return new StoreDamagedException(
        "changes "
            + after.next()
            + " to "
            + last
            + " are missing: the journal in "
            + files.journal()
            + " is damaged");
  }

  /** Applies the commits that only the journal has after a crash to the tables. */
  private void replay(Version acknowledged) {
    List<JournalRow> gathered = new ArrayList<>();
    journal.replay(
        latest(),
        acknowledged,
        new JournalReplay.Taker() {
          @Override
          public boolean take(List<JournalRow> commit) {
            List<JournalRow> opened = commit.stream().map(RocksStore.this::opened).toList();
            if (!opened.stream().allMatch(RocksStore.this::hasItsChunks)) {
              return false;
            }
            gathered.addAll(opened);
            replayed += opened.size();
            if (gathered.size() >= REPLAYED_AT_ONCE) {
              apply(gathered);
              gathered.clear();
            }
            return true;
          }

          @Override
          public String lacking() {
            return "the log of " + files.database() + " is damaged: chunks of a value are missing";
          }
        });
    apply(gathered);
  }

  /** Returns how many changes only the journal had when the store was opened. */
  @AnyThread
  public long replayed() {
    return replayed;
  }

  private JournalRow opened(JournalRow row) {
    return seal.open(row, files.journal().toString());
  }

  /** A failed commit may be in the journal without its chunks; it was never acknowledged. */
  private boolean hasItsChunks(JournalRow row) {
    return !(RowSeal.plain(row) instanceof FeedRow.Action.Put put
            && put.value() instanceof Stored.Chunked chunked)
        || chunks.isWhole(chunked);
  }

  /** The journal is on disk before the watermark, so a store behind the watermark lost changes. */
  private void requireAcknowledged(Version acknowledged) {
    if (latest().compareTo(acknowledged) < 0) {
      throw missing(latest(), acknowledged);
    }
  }

  private long number(Upkeep.Fact fact, long otherwise) {
    byte[] row = rocks.get(Table.UPKEEP, fact.key());
    return row == null ? otherwise : Upkeep.number(row, rocks.name(Table.UPKEEP));
  }

  private void begin() {
    try (WriteSet rows = rocks.writeSet()) {
      Uploads.freeOrphans(rocks, rows);
      put(rows, Upkeep.Fact.EPOCH, epoch);
      put(rows, Upkeep.Fact.OPENINGS, opening);
      rocks.writeSynced(rows);
    }
  }

  private static void put(WriteSet rows, Upkeep.Fact fact, long number) {
    rows.put(Table.UPKEEP, fact.key(), new RowWriter(Long.BYTES).i64(number).row());
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public void adopt(long given) {
    try (WriteSet rows = rocks.writeSet()) {
      put(rows, Upkeep.Fact.EPOCH, given);
      rocks.writeSynced(rows);
    }
    rocks.flush();
    epoch = given;
  }

  @Override
  public Version latest() {
    return end.version();
  }

  @Override
  public Instant changedAt() {
    return Instant.ofEpochMilli(end.millis());
  }

  @Override
  public Instant trustedAt() {
    return trustedMillis == 0 ? changedAt() : Instant.ofEpochMilli(trustedMillis);
  }

  @Override
  public void trusted(Instant at) {
    long millis = at.toEpochMilli();
    if (millis > 0 && Math.abs(millis - trustedMillis) >= TRUSTED_MILLIS) {
      try (WriteSet rows = rocks.writeSet()) {
        put(rows, Upkeep.Fact.TRUSTED, millis);
        rocks.writeSynced(rows);
      }
      trustedMillis = millis;
    }
  }

  @Override
  public Lookup get(NamespaceId namespace, Key key) {
    Version asOf = latest();
    byte[] name = KeySpace.entry(namespace, key.bytes());
    byte[] row = rocks.get(Table.ENTRIES, name);
    if (row == null) {
      return new Lookup.Missing(asOf);
    }
    EntryRow entry = EntryRow.decode(row, name, seal, rocks.name(Table.ENTRIES));
    return new Lookup.Found(
        new Entry(
            key, chunks.value(entry.value()), entry.metadata(), entry.expiry(), entry.version()),
        asOf);
  }

  @Override
  public Page list(NamespaceId namespace, Listing listing) {
    byte[] first = KeySpace.entry(namespace, listing.prefix());
    byte[] last = KeySpace.endOfKeys(first);
    boolean later = listing.from().compareTo(listing.prefix()) > 0;
    byte[] start = later ? KeySpace.entry(namespace, listing.from()) : first;
    List<Listed> page = new ArrayList<>(Math.min(listing.limit(), USUAL_ROWS));
    String table = rocks.name(Table.INDEX);
    try (Scan scan = rocks.scan(Table.INDEX, start, last)) {
      while (scan.next()) {
        if (page.size() == listing.limit()) {
          return new Page(page, false);
        }
        var key = new Key(Bytes.adopt(scan.keyFrom(KeySpace.NAMESPACE_BYTES)));
        byte[] entry = seal.isOn() ? scan.key() : first;
        page.add(IndexRow.decode(entry, scan.reader(table), seal).listed(key));
      }
    }
    return new Page(page, true);
  }

  @Override
  public void commit(List<Change> changes) {
    begin(changes).complete();
  }

  @Override
  public Pending begin(List<Change> changes) {
    if (hurried != null) {
      throw new IllegalStateException("what was begun before is on its way to the disk");
    }
    Version after = rounds.isEmpty() ? latest() : rounds.getLast().last;
    VersionOrder.require(after, changes);
    var commit = new Commit(uploads, seal, inlineBytes);
    try {
      changes.forEach(commit::add);
      var round =
          new Round(commit, journal.append(after, commit.changes()), changes.getLast().version());
      rounds.add(round);
      return round;
    } catch (RuntimeException e) {
      undo(rounds.size(), e);
      commit.close();
      throw e;
    }
  }

  /** A commit in the journal. It becomes durable there, and is then applied to the tables. */
  private final class Round implements Pending {
    private final Commit commit;
    private final Journal.Place place;
    private final Version last;
    private @Nullable RuntimeException failure;
    private boolean durable;

    Round(Commit commit, Journal.Place place, Version last) {
      this.commit = commit;
      this.place = place;
      this.last = last;
    }

    @Override
    public void startSync() {
      requireSound();
      if (!durable && hurried == null) {
        boolean withChunks = haveChunks();
        hurried = aside.tryBegin(() -> sync(withChunks));
      }
    }

    @Override
    public void await() {
      requireSound();
      if (durable) {
        return;
      }
      try {
        SyncThread.Task task = hurried;
        hurried = null;
        if (task == null) {
          sync(haveChunks());
        } else {
          task.await();
        }
        rounds.forEach(each -> each.durable = true);
      } catch (RuntimeException | Error e) {
        undo(rounds.indexOf(this), e);
        throw e;
      }
    }

    @Override
    public void finish() {
      requireSound();
      try {
        apply(commit.changes());
      } catch (RuntimeException | Error e) {
        undo(rounds.indexOf(this), e);
        throw e;
      }
      rounds.remove(this);
      commit.succeeded();
      acknowledge();
    }

    @Override
    public void withdraw() {
      if (rounds.contains(this)) {
        undo(rounds.indexOf(this), new IllegalStateException("the changes were withdrawn"));
      }
    }

    private void requireSound() {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** A watermark may lag: the next commit writes a newer one. */
  private void acknowledge() {
    try {
      watermark.write(latest());
    } catch (RuntimeException _) {
      // The next commit writes it again.
    }
  }

  /**
   * Removes commits from the journal: those from the given one on, because they were decided on top
   * of it, and those that would have become durable together with it.
   */
  private void undo(int from, Throwable e) {
    settle();
    RuntimeException why =
        e instanceof RuntimeException known
            ? known
            : new IllegalStateException("a commit broke off", e);
    int first = from;
    while (first > 0 && !rounds.get(first - 1).durable) {
      first--;
    }
    List<Round> gone = List.copyOf(rounds.subList(first, rounds.size()));
    if (!gone.isEmpty()) {
      gone.forEach(each -> each.failure = why);
      journal.rollBack(gone.getFirst().place, why);
      rounds.removeAll(gone);
      gone.forEach(each -> each.commit.close());
    }
  }

  private boolean haveChunks() {
    return rounds.stream().anyMatch(each -> !each.durable && each.commit.hasChunks());
  }

  private void sync(boolean withChunks) {
    Runnable end = syncWatch.get();
    if (withChunks) {
      rocks.syncLog();
    }
    journal.sync();
    end.run();
  }

  /**
   * Sets what observes the syncs.
   *
   * @param watch called when a sync begins; what it returns is called when the sync has ended. Both
   *     run on the thread that syncs
   */
  @AnyThread
  public void watchSyncs(Supplier<Runnable> watch) {
    syncWatch = watch;
  }

  /** Waits for the running sync, if there is one. */
  private void settle() {
    SyncThread.Task task = hurried;
    hurried = null;
    try {
      if (task != null) {
        task.await();
      }
    } catch (RuntimeException | Error _) {
      // The commits that it covered fail anyway.
    }
  }

  private void apply(List<JournalRow> changes) {
    try (var tables = new TableWriter(rocks, chunks, upkeep, end, mark)) {
      changes.forEach(tables::add);
      tables.write();
      end = tables.end();
      mark = tables.mark();
    }
  }

  @Override
  public Upload upload() {
    return uploads.start();
  }

  @Override
  public boolean sweep(Instant moment, int limit) {
    return unlessCopying(() -> upkeep.expiries().sweep(moment, limit));
  }

  /** Does nothing while a copy is made, from which freed data could be missing. */
  private boolean unlessCopying(BooleanSupplier work) {
    if (!copying.tryLock()) {
      return false;
    }
    try {
      return work.getAsBoolean();
    } finally {
      copying.unlock();
    }
  }

  @Override
  public long freeBytes() {
    try {
      return disk.getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the free disk space", e);
    }
  }

  @Override
  public long roomBytes() {
    return freeBytes() - rocks.memoryBytes() - rocks.mergeBytes();
  }

  @Override
  public boolean mustReopen() {
    return rocks.isRefusing() && freeBytes() > REOPENING_BYTES;
  }

  @Override
  public FeedRead read(Version after, int limit) {
    if (after.compareTo(horizon) < 0) {
      return new FeedRead.Trimmed(horizon);
    }
    List<Change> changes = journal.read(after, latest(), limit).stream().map(this::change).toList();
    if (after.compareTo(horizon) < 0) {
      return new FeedRead.Trimmed(horizon);
    }
    Optional<Version> gap = changes.isEmpty() ? journal.gap(after) : Optional.empty();
    return gap.isPresent() ? new FeedRead.Trimmed(gap.get()) : new FeedRead.Changes(changes);
  }

  /** Returns descriptions of the known damage for an operator. */
  @AnyThread
  public List<String> damage() {
    return Stream.concat(damaged.damage().stream(), journal.damage(horizon).stream()).toList();
  }

  /** Returns a description of the damaged table, if one is known. */
  @AnyThread
  public Optional<String> damagedTable() {
    return damaged.damage();
  }

  private Change change(JournalRow change) {
    FeedRow row = change.change();
    Mutation mutation =
        switch (RowSeal.plain(opened(change))) {
          case FeedRow.Action.Put put ->
              new Mutation.Put(put.key(), chunks.value(put.value()), put.metadata(), put.expiry());
          case FeedRow.Action.Delete(Key deleted) -> new Mutation.Delete(deleted);
          case FeedRow.Action.Clear(Bytes prefix) -> new Mutation.Clear(prefix);
          case FeedRow.Action.Sealed _ ->
              throw new IllegalStateException("a decrypted action is not plain");
        };
    return new Change(change.version(), row.at(), row.namespace(), mutation);
  }

  /** Returns a snapshot of the current entries. */
  @AnyThread
  public Snapshot snapshot() {
    var owner = new Object();
    snapshots.put(owner, latest());
    try {
      return new RocksSnapshot(rocks, chunks, () -> snapshots.remove(owner));
    } catch (RuntimeException e) {
      snapshots.remove(owner);
      throw e;
    }
  }

  /** Returns a view of what listings show at the current version. */
  @AnyThread
  public IndexView index() {
    var owner = new Object();
    snapshots.put(owner, latest());
    try {
      return new RocksIndexView(rocks, seal, () -> snapshots.remove(owner));
    } catch (RuntimeException e) {
      snapshots.remove(owner);
      throw e;
    }
  }

  /**
   * Writes a copy of this store, as of one version, into a directory that does not exist or is
   * empty. Writes continue meanwhile, and nothing is freed. Safe for use by any thread; one copy is
   * made at a time.
   *
   * @throws StoreDamagedException if the copy would be damaged
   */
  @AnyThread
  public void copyTo(Path directory) {
    Optional<String> damage = damaged.damage();
    if (damage.isPresent()) {
      throw new StoreDamagedException(damage.get());
    }
    copying.lock();
    try {
      Optional<Path> keys = seal.isOn() ? Optional.of(files.dataKeys()) : Optional.empty();
      new StoreCopy(rocks, journal, keys, blockCacheBytes).write(directory);
    } finally {
      copying.unlock();
    }
  }

  /** Starts to load a snapshot of another store into this new store. */
  @WriterOnly
  public Loading load() {
    if (!latest().equals(Version.NONE)) {
      throw new IllegalStateException("only an empty store takes a snapshot");
    }
    return new RocksLoading(
        rocks,
        () -> new Commit(uploads, seal, inlineBytes),
        () -> new TableWriter(rocks, chunks, upkeep, end, mark),
        this::loaded);
  }

  private void loaded(Reached reached, Instant at) {
    FeedPoint point = FeedPoint.loaded(reached.version(), at.toEpochMilli());
    // Before the facts: after a failure, the next attempt must find the load unfinished.
    rocks.flush();
    try (WriteSet rows = rocks.writeSet()) {
      put(rows, Upkeep.Fact.EPOCH, reached.epoch());
      put(rows, Upkeep.Fact.HORIZON, reached.version().number());
      rows.put(Table.UPKEEP, Upkeep.Fact.LATEST.key(), point.encode());
      rows.delete(Table.UPKEEP, Upkeep.Fact.LOADING.key());
      rows.delete(Table.UPKEEP, Upkeep.Fact.LOADING_SNAPSHOT.key());
      rocks.writeSynced(rows);
    }
    epoch = reached.epoch();
    horizon = reached.version();
    end = point;
    mark = point;
    watermark.write(reached.version());
  }

  @Override
  public Version horizon() {
    return horizon;
  }

  @Override
  public boolean trim(Duration age, long bytes, Instant now) {
    return unlessCopying(() -> trimNow(age, bytes, now));
  }

  private boolean trimNow(Duration age, long bytes, Instant now) {
    long freeBytes = freeBytes();
    reserve.step(freeBytes, journal.files().size() > LARGE_JOURNAL_FILES);
    boolean waits = !tryCut(cut(now, age, end.bytes() - bytes).version());
    boolean more = freeReplaced(now, false);
    if (!more) {
      rocks.fitLevel(Table.ENTRIES);
      rocks.fitLevel(Table.INDEX);
    }
    upkeep.reclaiming().step(false, freeBytes, now);
    more |= rewriting.step(snapshots.isEmpty(), latest(), this::forgetPlain);
    return more || waits;
  }

  @Override
  public boolean reclaim(Version needed, Instant now) {
    return unlessCopying(() -> reclaimNow(needed, now));
  }

  private boolean reclaimNow(Version needed, Instant now) {
    long freeBytes = freeBytes();
    reserve.step(freeBytes, true);
    boolean waits = !tryCut(needed.compareTo(latest()) < 0 ? needed : latest());
    boolean more = freeReplaced(now, true);
    upkeep.reclaiming().step(true, freeBytes, now);
    return more || waits;
  }

  private boolean freeReplaced(Instant now, boolean low) {
    boolean more = upkeep.cleared().collect(latest());
    return upkeep.garbage().free(needed(), now, low) || more;
  }

  /** Cuts the feed, and returns false if the tables must first have the changes in files. */
  private boolean tryCut(Version version) {
    if (version.compareTo(horizon) > 0 && !isInFiles(version)) {
      return false;
    }
    cutAt(version);
    return true;
  }

  /** Returns the version up to which no change and no snapshot needs replaced values. */
  private Version needed() {
    Version needed = horizon;
    for (Version snapshot : snapshots.values()) {
      needed = snapshot.compareTo(needed) < 0 ? snapshot : needed;
    }
    return needed;
  }

  /**
   * Returns whether the tables have the version in files. The journal must not be cut before, since
   * a crash would lose the changes. If not, starts a flush: the writer cuts at a later call and
   * does not wait for the disk.
   */
  private boolean isInFiles(Version version) {
    byte[] row = rocks.getFromFiles(Table.UPKEEP, Upkeep.Fact.LATEST.key());
    boolean is =
        row != null
            && FeedPoint.decode(row, rocks.name(Table.UPKEEP)).version().compareTo(version) >= 0;
    if (!is && moving.compareTo(version) < 0) {
      moving = latest();
      rocks.beginFlush();
    }
    return is;
  }

  /** Removes the changes from the feed that were made before encryption was switched on. */
  private void forgetPlain(Version last) {
    if (journal.lastOpening() < opening) {
      cutAt(latest());
      journal.clear();
    } else {
      cutAt(last);
    }
  }

  private void cutAt(Version version) {
    if (version.compareTo(horizon) <= 0) {
      return;
    }
    horizon = version;
    try (WriteSet rows = rocks.writeSet()) {
      byte[] beyond = Upkeep.MARK.key(version.number() + 1);
      rows.deleteRange(Table.UPKEEP, Upkeep.MARK.start(), beyond);
      put(rows, Upkeep.Fact.HORIZON, version.number());
      rocks.writeSynced(rows);
    }
    journal.cut(horizon);
  }

  /**
   * Returns the last stored point before which all changes are too old or too many. A point of the
   * future was written while the clock was wrong, and the ones behind it decide.
   */
  private FeedPoint cut(Instant now, Duration age, long bytesBefore) {
    long oldestMillis = now.minus(age).toEpochMilli();
    FeedPoint cut = FeedPoint.START;
    try (Scan scan = rocks.scan(Table.UPKEEP, Upkeep.MARK.start(), Upkeep.MARK.end())) {
      while (scan.next()) {
        FeedPoint point = FeedPoint.decode(scan.row(), rocks.name(Table.UPKEEP));
        if (point.millis() < oldestMillis || point.bytes() <= bytesBefore) {
          cut = point;
        } else if (point.millis() <= now.toEpochMilli()) {
          return cut;
        }
      }
    }
    return cut;
  }

  /** Returns the number of chunks, including those of garbage and uploads. */
  long chunkRows() {
    long count = 0;
    byte[] last = new byte[ValueId.BYTES + Integer.BYTES];
    Arrays.fill(last, (byte) 0xff);
    try (Scan scan = rocks.scan(Table.CHUNKS, new byte[0], last)) {
      while (scan.next()) {
        count++;
      }
    }
    return count;
  }

  /** Returns the number of upkeep rows for expiries. */
  long expiryRows() {
    return rows(Upkeep.EXPIRY) + rows(Upkeep.EXPIRES);
  }

  private long rows(Upkeep kind) {
    long count = 0;
    try (Scan scan = rocks.scan(Table.UPKEEP, kind.start(), kind.end())) {
      while (scan.next()) {
        count++;
      }
    }
    return count;
  }

  /** Returns the state of the encryption, empty if the store is not encrypted. */
  @AnyThread
  public Optional<EncryptionState> encryption() {
    return rewriting.state(journal.start(latest()));
  }

  /**
   * Wraps all data keys by the first master key of its source, which is read again.
   *
   * @param rewrites whether all rows are encrypted anew under a new data key, in the background
   * @return the id of the master key
   */
  @AnyThread
  public String rotateKey(boolean rewrites) {
    return rewriting.rotate(rewrites);
  }

  /** Returns the bytes of the journal on disk. */
  @AnyThread
  public long journalBytes() {
    return journal.bytes();
  }

  /** Returns the time of the oldest stored point of the feed; that of the newest change if none. */
  @AnyThread
  public Instant feedStart() {
    return firstMark()
        .map(point -> Instant.ofEpochMilli(point.millis()))
        .orElseGet(this::changedAt);
  }

  /** Returns the size of the changes since the oldest stored point of the feed. */
  @AnyThread
  public long feedBytes() {
    long until = end.bytes();
    return firstMark().map(point -> Math.max(0, until - point.bytes())).orElse(0L);
  }

  private Optional<FeedPoint> firstMark() {
    try (Scan scan = rocks.scan(Table.UPKEEP, Upkeep.MARK.start(), Upkeep.MARK.end())) {
      return scan.next()
          ? Optional.of(FeedPoint.decode(scan.row(), rocks.name(Table.UPKEEP)))
          : Optional.empty();
    }
  }

  /** Returns the size of the large values to which no entry refers and that are not freed yet. */
  @AnyThread
  public long garbageBytes() {
    return upkeep.garbage().bytes();
  }

  /** Returns a moment before which no left entry has expired; empty if no entry expires. */
  @AnyThread
  public Optional<Instant> oldestExpiry() {
    long oldest = upkeep.expiries().oldest();
    return oldest == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(oldest));
  }

  /**
   * Writes all files of the tables anew, without deleted rows and old values. Returns when it is
   * done; a close of the store ends it early.
   *
   * @throws InvalidRequestException if another call has not returned yet
   */
  @AnyThread
  public void compact() {
    compaction.run();
  }

  /** Returns statistics of RocksDB by name. */
  @AnyThread
  public Map<String, Long> properties() {
    return rocks.properties();
  }

  @Override
  public void close() {
    if (rocks.isClosed()) {
      return;
    }
    undo(0, new StoreUnusableException("the store is closed"));
    rewriting.close();
    upkeep.reclaiming().close();
    compaction.close();
    reserve.close();
    aside.close();
    try (files) {
      try (rocks;
          watermark) {
        journal.close();
      }
      if (rocks.isFlushed()) {
        files.seal().set();
      }
    }
  }
}
