package selvedge.engine.store.rocks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;

/** The options of RocksDB, for processes from a few hundred megabytes and two cores on. */
public final class Tuning implements AutoCloseable {
  private static final long MIB = 1 << 20;

  /**
   * When one table in memory is full, all tables are flushed, so that a crash never leaves one
   * table ahead of another.
   */
  private static final long MEMORY_BYTES_MAX = 32 * MIB;

  /** All tables are flushed, too, when the log reaches this size. Chunks go to the log first. */
  private static final long LOG_BYTES_MAX = 32 * MIB;

  private static final int OPEN_FILES_MAX = 1024;
  private static final double BLOOM_BITS = 10;

  /**
   * Keys arrive in no order, so that new files are merged with the whole level below, whether they
   * are many or few.
   */
  private static final int NEW_FILES_MAX = 8;

  private static final long LEVEL_BYTES_MIN = 16 * MIB;

  /** The default of RocksDB. */
  private static final long LEVEL_BYTES_MAX = 256 * MIB;

  /** A file of 64 MiB is merged with those below it: a level is ten times as large as the next. */
  static final long MERGE_BYTES_MAX = 704 * MIB;

  static {
    NativeLibrary.load();
  }

  private final List<AbstractNativeReference> owned = new ArrayList<>();
  private final LRUCache cache;
  private final BloomFilter bloom = own(new BloomFilter(BLOOM_BITS));
  private final boolean merging;
  private final DBOptions database;
  private final EnumMap<Table, ColumnFamilyOptions> families = new EnumMap<>(Table.class);

  /**
   * @param merging whether files are merged. They are not if one of them is damaged, since RocksDB
   *     refuses writes after a merge has failed
   */
  public Tuning(boolean create, boolean merging, long blockCacheBytes) {
    this.merging = merging;
    cache = own(new LRUCache(blockCacheBytes));
    for (Table table : Table.values()) {
      families.put(table, own(familyOptions(table)));
    }
    database =
        own(new DBOptions())
            .setCreateIfMissing(create)
            .setCreateMissingColumnFamilies(create)
            .setParanoidChecks(true)
            .setAtomicFlush(true)
            .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
            .setMaxTotalWalSize(LOG_BYTES_MAX)
            .setMaxOpenFiles(OPEN_FILES_MAX)
            .setMaxBackgroundJobs(2)
            .setBytesPerSync(MIB)
            .setStatsDumpPeriodSec(0)
            .setStatsPersistPeriodSec(0)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxLogFileSize(MIB)
            .setKeepLogFileNum(4);
  }

  private ColumnFamilyOptions familyOptions(Table table) {
    var blocks =
        new BlockBasedTableConfig()
            .setFormatVersion(6)
            .setBlockCache(cache)
            .setBlockSize(16 << 10)
            .setWholeKeyFiltering(true)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    if (table.isAskedByKey()) {
      blocks.setFilterPolicy(bloom);
    }
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setTableFormatConfig(blocks)
            .setLevelCompactionDynamicLevelBytes(true)
            .setWriteBufferSize(MEMORY_BYTES_MAX)
            .setMaxWriteBufferNumber(3)
            .setCompressionType(CompressionType.LZ4_COMPRESSION);
    if (!merging) {
      options
          .setDisableAutoCompactions(true)
          .setLevel0SlowdownWritesTrigger(Integer.MAX_VALUE)
          .setLevel0StopWritesTrigger(Integer.MAX_VALUE);
    }
    return switch (table) {
      case ENTRIES -> options.setLevel0FileNumCompactionTrigger(NEW_FILES_MAX);
      case INDEX ->
          options
              .setWriteBufferSize(16 * MIB)
              .setLevel0FileNumCompactionTrigger(NEW_FILES_MAX)
              .setMaxBytesForLevelBase(LEVEL_BYTES_MIN);
      case UPKEEP -> options.setWriteBufferSize(16 * MIB);
      case CHUNKS ->
          options
              .setEnableBlobFiles(true)
              .setMinBlobSize(4096)
              .setBlobFileSize(64 * MIB)
              .setBlobCompressionType(CompressionType.LZ4_COMPRESSION)
              .setEnableBlobGarbageCollection(true);
    };
  }

  /**
   * Returns whether there are enough new files of a table to estimate how well its rows compress.
   */
  static boolean areEnough(int newFiles) {
    return newFiles >= NEW_FILES_MAX / 2;
  }

  /**
   * Returns the largest size of the level below the new files: the size of the files that are
   * merged with it at once. A larger level is rewritten too often, and so is the level below a
   * smaller one.
   *
   * @param newFileBytes the size of the largest new file
   */
  static long levelBytes(long newFileBytes) {
    return Math.clamp(NEW_FILES_MAX * newFileBytes, LEVEL_BYTES_MIN, LEVEL_BYTES_MAX);
  }

  public DBOptions database() {
    return database;
  }

  public ColumnFamilyOptions family(Table table) {
    ColumnFamilyOptions options = families.get(table);
    if (options == null) {
      throw new IllegalArgumentException("no options for " + table);
    }
    return options;
  }

  private <T extends RocksObject> T own(T object) {
    owned.add(object);
    return object;
  }

  @Override
  public void close() {
    owned.reversed().forEach(AbstractNativeReference::close);
  }
}
