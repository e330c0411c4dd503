package selvedge.engine.store.rocks;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.FlushOptions;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.SstFileMetaData;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

/**
 * The tables of a store in RocksDB, whose exceptions are translated here.
 *
 * <p>Safe for use by many threads. {@link #close} waits for the calls under way, and later calls
 * are refused, so that no call uses freed memory.
 */
public final class Rocks implements Tables {
  private static final List<String> PROPERTIES =
      List.of(
          "estimate-num-keys",
          "estimate-live-data-size",
          "total-sst-files-size",
          "live-blob-file-size",
          "cur-size-all-mem-tables",
          "estimate-table-readers-mem",
          "estimate-pending-compaction-bytes",
          "num-running-compactions",
          "num-running-flushes",
          "compaction-pending",
          "background-errors",
          "actual-delayed-write-rate");

  /**
   * A write needs this much free space. RocksDB that cannot create a log file refuses all writes
   * until it is opened again, so no write is tried on a full disk.
   */
  private static final long WRITE_BYTES = 1 << 20;

  /** With less free space, a flush may fail while a write waits for it. */
  private static final long LITTLE_SPACE_BYTES = 256L << 20;

  private static final long PAUSE_NANOS = 2_000_000;
  private static final int STALLED_PAUSES = 1_000;
  private static final String BACKGROUND_ERRORS = "rocksdb.background-errors";

  private final Path directory;
  private final Tuning tuning;
  private final DamagedTable damaged;
  private final RocksDB database;
  private final EnumMap<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);
  private final EnumMap<Table, String> names = new EnumMap<>(Table.class);
  private final ReadOptions reads = new ReadOptions();
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions();
  private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
  private final ReadOptions onlyFiles = new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER);
  private final HandleGuard guard = new HandleGuard();

  /**
   * Held by a merge that collects another part of the large values than usual: the part is a
   * setting of the whole table, so a merge that ends would take it from one that has not ended.
   */
  private final ReentrantLock collecting = new ReentrantLock();

  private volatile boolean refusing;
  private volatile boolean flushed;

  private Rocks(
      Path directory,
      Tuning tuning,
      DamagedTable damaged,
      RocksDB database,
      List<ColumnFamilyHandle> handles) {
    this.directory = directory;
    this.tuning = tuning;
    this.damaged = damaged;
    this.database = database;
    Iterator<ColumnFamilyHandle> each = handles.iterator();
    for (Table table : Table.values()) {
      families.put(table, each.next());
      names.put(table, table.family() + " in " + directory);
    }
  }

  /**
   * Opens the database of a store.
   *
   * @param damaged the known damage; if there is any, files are not merged
   */
  public static Rocks open(
      Path directory, boolean create, DamagedTable damaged, long blockCacheBytes) {
    var tuning = new Tuning(create, damaged.damage().isEmpty(), blockCacheBytes);
    try {
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      var database =
          RocksDB.open(tuning.database(), directory.toString(), descriptors(tuning), handles);
      return new Rocks(directory, tuning, damaged, database, handles);
    } catch (RocksDBException e) {
      tuning.close();
      throw Failures.translate(e, "open the store in " + directory);
    }
  }

  private static List<ColumnFamilyDescriptor> descriptors(Tuning tuning) {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Table table : Table.values()) {
      descriptors.add(
          new ColumnFamilyDescriptor(
              table.family().getBytes(StandardCharsets.US_ASCII), tuning.family(table)));
    }
    return descriptors;
  }

  Path directory() {
    return directory;
  }

  /** What to call the table in a message. */
  @Override
  public String name(Table table) {
    return names.getOrDefault(table, table.family());
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    return get(reads, table, key);
  }

  /** Reads a row as it is in files: what a crash does not take away. */
  @Override
  public byte @Nullable [] getFromFiles(Table table, byte[] key) {
    return get(onlyFiles, table, key);
  }

  private byte @Nullable [] get(ReadOptions how, Table table, byte[] key) {
    long pass = guard.enter();
    try {
      return database.get(family(table), how, key);
    } catch (RocksDBException e) {
      throw damageNoted(Failures.translate(e, "read a row of " + name(table)));
    } finally {
      guard.leave(pass);
    }
  }

  /** Reads a row into the buffer and returns its size, or -1 when there is none. */
  @Override
  public int get(Table table, byte[] key, byte[] buffer) {
    long pass = guard.enter();
    try {
      int size = database.get(family(table), reads, key, buffer);
      return size == RocksDB.NOT_FOUND ? -1 : size;
    } catch (RocksDBException e) {
      throw damageNoted(Failures.translate(e, "read a row of " + name(table)));
    } finally {
      guard.leave(pass);
    }
  }

  @Override
  public Scan scan(Table table, byte[] start, byte[] end) {
    long pass = guard.enter();
    try {
      return new RocksScan(database, family(table), start, end, () -> guard.leave(pass));
    } catch (RuntimeException e) {
      guard.leave(pass);
      throw e;
    }
  }

  /** The database as it is at this moment. */
  @Override
  public View view() {
    return new RocksView(guard.enter());
  }

  /** A state that stays while the database goes on. Belongs to one thread. */
  final class RocksView implements View {
    private final long pass;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;

    private RocksView(long pass) {
      this.pass = pass;
      this.snapshot = database.getSnapshot();
      this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
      try {
        return database.get(family(table), options, key);
      } catch (RocksDBException e) {
        throw damageNoted(Failures.translate(e, "read a row of " + name(table)));
      }
    }

    @Override
    public Scan scan(Table table, byte[] start, byte[] end) {
      return new RocksScan(database, family(table), start, end, snapshot, () -> {});
    }

    @Override
    public void close() {
      options.close();
      database.releaseSnapshot(snapshot);
      guard.leave(pass);
    }
  }

  @Override
  public WriteSet writeSet() {
    guard.requireOpen();
    return new RocksWriteSet(families);
  }

  /** Returns once the rows are on disk. */
  @Override
  public void writeSynced(WriteSet rows) {
    write(synced, rows);
  }

  /** The rows become durable with {@link #syncLog}, the next synced write, or earlier. */
  @Override
  public void write(WriteSet rows) {
    write(unsynced, rows);
  }

  /** A crash takes the rows away, unless all tables were moved to files since. */
  @Override
  public void writeUnlogged(WriteSet rows) {
    write(unlogged, rows);
  }

  private void write(WriteOptions options, WriteSet rows) {
    long pass = guard.enter();
    try {
      long free = directory.toFile().getUsableSpace();
      requireSpace(free);
      if (free < LITTLE_SPACE_BYTES) {
        writeInLittleSpace(options, batch(rows));
      } else {
        database.write(options, batch(rows));
      }
      refusing = false;
    } catch (RocksDBException e) {
      throw noted(Failures.translate(e, "write to " + directory));
    } finally {
      guard.leave(pass);
    }
  }

  /**
   * On a full disk, RocksDB may wait forever: its write waits for a flush, the flush has failed,
   * and the next attempt to flush waits for the write. Here the wait ends, and the store is
   * reopened.
   */
  private void writeInLittleSpace(WriteOptions options, WriteBatch rows) throws RocksDBException {
    try (var refusable = new WriteOptions(options).setNoSlowdown(true)) {
      for (int pauses = 0; !tryWrite(refusable, rows); pauses++) {
        if (pauses > STALLED_PAUSES && database.getLongProperty(BACKGROUND_ERRORS) > 0) {
          throw noted(
              new StorageFullException(
                  "the disk is full: " + directory + " cannot move rows from memory to files"));
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Returns false if the write would have to wait for a flush. */
  private boolean tryWrite(WriteOptions refusable, WriteBatch rows) throws RocksDBException {
    try {
      database.write(refusable, rows);
      return true;
    } catch (RocksDBException e) {
      Status status = e.getStatus();
      if (status == null || status.getCode() != Status.Code.Incomplete) {
        throw e;
      }
      return false;
    }
  }

  private void requireSpace(long free) {
    if (free < WRITE_BYTES) {
      throw new StorageFullException(
          "the disk is full: a write to "
              + directory
              + " needs "
              + WRITE_BYTES
              + " free bytes, and "
              + free
              + " are free");
    }
  }

  /** Returns whether RocksDB refused the last write because the disk was full. */
  @Override
  public boolean isRefusing() {
    return refusing;
  }

  private static WriteBatch batch(WriteSet rows) {
    if (rows instanceof RocksWriteSet own) {
      return own.batch();
    }
    throw new IllegalArgumentException("a write set of other tables");
  }

  /**
   * Records that RocksDB refuses writes on a full disk, and damage that a merge or a read has
   * found, for the next opening.
   */
  private SelvedgeException noted(SelvedgeException e) {
    refusing = e instanceof StorageFullException;
    return damageNoted(e);
  }

  private SelvedgeException damageNoted(SelvedgeException e) {
    if (e instanceof StoreDamagedException damage) {
      boolean _ = damaged.note(damage, DamagedKeys.text(database, damage));
    }
    return e;
  }

  /** Returns once all that was written into the log is on disk. */
  @Override
  public void syncLog() {
    long pass = guard.enter();
    try {
      database.syncWal();
    } catch (RocksDBException e) {
      throw noted(Failures.translate(e, "sync the log of " + directory));
    } finally {
      guard.leave(pass);
    }
  }

  /** Moves what only memory holds into files, of all tables at one moment. */
  @Override
  public void flush() {
    long pass = guard.enter();
    try {
      flushAll();
    } finally {
      guard.leave(pass);
    }
  }

  /** Begins to do what {@link #flush} does, and returns at once. */
  @Override
  public void beginFlush() {
    long pass = guard.enter();
    try {
      flush(false);
    } finally {
      guard.leave(pass);
    }
  }

  /**
   * Makes a directory that holds the database as it is: what only memory holds is moved to files
   * first, of all tables at one moment. The files are shared with this database where the file
   * system allows that.
   */
  @Override
  public void checkpoint(Path target) {
    long pass = guard.enter();
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw noted(Failures.translate(e, "write a checkpoint of " + directory + " to " + target));
    } finally {
      guard.leave(pass);
    }
  }

  /** Reads all files and compares their blocks with their checksums. */
  @Override
  public void verifyChecksums() {
    long pass = guard.enter();
    try {
      database.verifyChecksum();
    } catch (RocksDBException e) {
      throw Failures.translate(e, "verify the files in " + directory);
    } finally {
      guard.leave(pass);
    }
  }

  @Override
  public Merge fullMerge() {
    return new FullMerge();
  }

  private final class FullMerge implements Merge {
    private static final double ALL = 1.0;

    private final CompactRangeOptions options =
        new CompactRangeOptions()
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForce)
            .setExclusiveManualCompaction(false);

    private volatile boolean cancelled;

    @Override
    public void run() {
      long pass = guard.enter();
      try {
        flushAll();
        awaitCollecting();
        try {
          collectBlobs(ALL);
          for (Table table : Table.values()) {
            database.compactRange(family(table), null, null, options);
          }
        } finally {
          endCollecting();
        }
      } catch (RocksDBException e) {
        throw noted(Failures.translate(e, "write the files in " + directory + " anew"));
      } finally {
        guard.leave(pass);
      }
    }

    private void awaitCollecting() {
      try {
        while (!collecting.tryLock(PAUSE_NANOS, TimeUnit.NANOSECONDS)) {
          requireNotCancelled();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cancelled = true;
        requireNotCancelled();
      }
    }

    private void requireNotCancelled() {
      if (cancelled) {
        throw new StoreUnusableException("the merge of " + directory + " was cancelled");
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      options.setCanceled(true);
    }

    @Override
    public void close() {
      options.close();
    }
  }

  @Override
  public Merge reclaimingMerge(List<EmptiedRange> emptied, boolean search, boolean large) {
    return new ReclaimingMerge(emptied, search, large);
  }

  @Override
  public long largeFileBytes() {
    long pass = guard.enter();
    try {
      return database.getLongProperty(family(Table.CHUNKS), "rocksdb.live-blob-file-size");
    } catch (RocksDBException e) {
      throw Failures.translate(e, "ask for the state of " + directory);
    } finally {
      guard.leave(pass);
    }
  }

  /**
   * Sets which part of the files with large values a merge writes anew, from the oldest on. Needs
   * the lock {@link #collecting}.
   */
  private void collectBlobs(double part) throws RocksDBException {
    database.setOptions(
        family(Table.CHUNKS),
        MutableColumnFamilyOptions.builder().setBlobGarbageCollectionAgeCutoff(part).build());
  }

  private void endCollecting() throws RocksDBException {
    try {
      collectBlobs(tuning.family(Table.CHUNKS).blobGarbageCollectionAgeCutoff());
    } finally {
      collecting.unlock();
    }
  }

  private final class ReclaimingMerge implements Merge {
    private final List<EmptiedRange> emptied;
    private final boolean search;
    private final boolean large;
    private final CompactRangeOptions options =
        new CompactRangeOptions()
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)
            .setExclusiveManualCompaction(false);

    ReclaimingMerge(List<EmptiedRange> emptied, boolean search, boolean large) {
      this.emptied = emptied;
      this.search = search;
      this.large = large;
    }

    @Override
    public void run() {
      long pass = guard.enter();
      try {
        flushAll();
        for (EmptiedRange range : emptied) {
          merge(Table.ENTRIES, range);
          merge(Table.INDEX, range);
        }
        if (search) {
          for (Table table : Table.values()) {
            for (EmptiedRange range : DeletedRows.ranges(database, family(table), table)) {
              merge(table, range);
            }
          }
        }
        if (large) {
          mergeOldestLarge();
        }
      } catch (RocksDBException e) {
        throw noted(Failures.translate(e, "free the space of deleted rows in " + directory));
      } finally {
        guard.leave(pass);
      }
    }

    private void merge(Table table, EmptiedRange range) throws RocksDBException {
      database.compactRange(family(table), range.start(), range.end(), options);
    }

    /** Leaves them to a full merge, if one is under way. */
    private void mergeOldestLarge() throws RocksDBException {
      if (!collecting.tryLock()) {
        return;
      }
      try {
        collectBlobs(BlobFiles.oldest(directory, Reclaiming.LARGE_PART));
        database.compactRange(family(Table.CHUNKS), null, null, options);
      } finally {
        endCollecting();
      }
    }

    @Override
    public void cancel() {
      options.setCanceled(true);
    }

    @Override
    public void close() {
      options.close();
    }
  }

  @Override
  public long estimateBytes(Table table, byte[] start, byte[] end) {
    long pass = guard.enter();
    try (var first = new Slice(start);
        var last = new Slice(end)) {
      return database
          .getApproximateSizes(
              family(table),
              List.of(new Range(first, last)),
              SizeApproximationFlag.INCLUDE_FILES,
              SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
    } finally {
      guard.leave(pass);
    }
  }

  @Override
  public long memoryBytes() {
    long pass = guard.enter();
    try {
      return database.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
    } catch (RocksDBException e) {
      throw Failures.translate(e, "read the size of the changes in memory");
    } finally {
      guard.leave(pass);
    }
  }

  @Override
  public long mergeBytes() {
    long pass = guard.enter();
    try {
      return Math.min(
          Tuning.MERGE_BYTES_MAX,
          database.getAggregatedLongProperty("rocksdb.live-sst-files-size"));
    } catch (RocksDBException e) {
      throw Failures.translate(e, "read the size of the files");
    } finally {
      guard.leave(pass);
    }
  }

  @Override
  public long estimateRows(Table table) {
    long pass = guard.enter();
    try {
      return database.getLongProperty(family(table), "rocksdb.estimate-num-keys");
    } catch (RocksDBException e) {
      throw Failures.translate(e, "count the rows in " + directory);
    } finally {
      guard.leave(pass);
    }
  }

  private void flushAll() {
    flush(true);
  }

  private void flush(boolean waits) {
    requireSpace(directory.toFile().getUsableSpace());
    try (var options = new FlushOptions().setWaitForFlush(waits).setAllowWriteStall(true)) {
      database.flush(options, List.copyOf(families.values()));
    } catch (RocksDBException e) {
      throw noted(Failures.translate(e, "flush the store in " + directory));
    }
  }

  /**
   * Fits the level below the new files of a table to what they weigh, for that says how well the
   * rows pack. Where there are few of them, or it cannot be done, the level stays as it is. Belongs
   * to the writer.
   */
  @Override
  public void fitLevel(Table table) {
    long pass = guard.enter();
    try {
      if (Tuning.areEnough(newFiles(table))) {
        OptionalLong largest =
            database.getColumnFamilyMetaData(family(table)).levels().getFirst().files().stream()
                .mapToLong(SstFileMetaData::size)
                .max();
        if (largest.isPresent()) {
          fitLevel(table, Tuning.levelBytes(largest.getAsLong()));
        }
      }
    } catch (RocksDBException _) {
      // The next call tries again. Reads and writes that the disk fails report it.
    } finally {
      guard.leave(pass);
    }
  }

  private int newFiles(Table table) throws RocksDBException {
    return Integer.parseInt(database.getProperty(family(table), "rocksdb.num-files-at-level0"));
  }

  /** The options of the table are kept true to what has been set. */
  private void fitLevel(Table table, long bytes) throws RocksDBException {
    long now = levelBytes(table);
    if (bytes > now * 3 / 2 || bytes < now * 2 / 3) {
      database.setOptions(
          family(table),
          MutableColumnFamilyOptions.builder().setMaxBytesForLevelBase(bytes).build());
      tuning.family(table).setMaxBytesForLevelBase(bytes);
    }
  }

  /** How large the level below the new files is to be at most. */
  long levelBytes(Table table) {
    return tuning.family(table).maxBytesForLevelBase();
  }

  /** Whether all that was written was in files when it was closed. */
  @Override
  public boolean isFlushed() {
    return flushed;
  }

  @Override
  public boolean isClosed() {
    return guard.isClosed();
  }

  @Override
  public Map<String, Long> properties() {
    Map<String, Long> properties = new LinkedHashMap<>();
    long pass = guard.enter();
    try {
      for (String name : PROPERTIES) {
        properties.put(
            name.replace('-', '_'), database.getAggregatedLongProperty("rocksdb." + name));
      }
    } catch (RocksDBException e) {
      throw Failures.translate(e, "ask for the state of " + directory);
    } finally {
      guard.leave(pass);
    }
    return properties;
  }

  /**
   * Ends after the calls under way. What cannot be moved to files because one of them is damaged or
   * the disk is full is in the journal, and the next opening takes it from there.
   */
  @Override
  public void close() {
    if (!guard.close()) {
      return;
    }
    try {
      flushAll();
      flushed = true;
    } catch (StoreDamagedException | StorageFullException _) {
      flushed = false;
    } finally {
      families.values().forEach(ColumnFamilyHandle::close);
      reads.close();
      synced.close();
      unsynced.close();
      unlogged.close();
      onlyFiles.close();
      database.close();
      tuning.close();
    }
  }

  private ColumnFamilyHandle family(Table table) {
    ColumnFamilyHandle family = families.get(table);
    if (family == null) {
      throw new IllegalArgumentException("no family for " + table);
    }
    return family;
  }
}
