package selvedge.engine.store.rocks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a store: rows in byte order, written atomically over all tables.
 *
 * <p>A crash leaves the tables as of one write. It loses rows that were written past the log,
 * unless all tables were moved to files since. A power cut also loses rows in the log that were not
 * synced. Implementations are safe for use by many threads, {@link #close} included.
 */
public interface Tables extends AutoCloseable {

  /** Opens the tables in a directory. */
  interface Opener {

    /**
     * Opens the tables.
     *
     * @param create whether there are no tables yet
     * @param damaged the known damage of files
     */
    Tables open(Path directory, boolean create, DamagedTable damaged, long blockCacheBytes);
  }

  /** Returns the name of the table for messages. */
  String name(Table table);

  /** Returns a row, or null if there is none. */
  byte @Nullable [] get(Table table, byte[] key);

  /** Returns a row as it is in files, that is without the rows that a crash would lose. */
  byte @Nullable [] getFromFiles(Table table, byte[] key);

  /** Reads a row into the buffer, and returns its size or -1 if there is no row. */
  int get(Table table, byte[] key, byte[] buffer);

  /** Returns the rows from {@code start} on and before {@code end}, as of now. */
  Scan scan(Table table, byte[] start, byte[] end);

  /** Returns the tables as of now. */
  View view();

  /** The tables as of one write, however they change meanwhile. Confined to one thread. */
  interface View extends AutoCloseable {
    byte @Nullable [] get(Table table, byte[] key);

    Scan scan(Table table, byte[] start, byte[] end);

    @Override
    void close();
  }

  WriteSet writeSet();

  /** Writes rows into the log and the tables, and returns once all of the log is on disk. */
  void writeSynced(WriteSet rows);

  /** Writes rows into the log and the tables. A later {@link #syncLog} makes them durable. */
  void write(WriteSet rows);

  /** Writes rows into the tables only. A crash loses them unless {@link #flush} came between. */
  void writeUnlogged(WriteSet rows);

  /** Returns once all rows in the log are on disk. */
  void syncLog();

  /** Moves all rows to files, of all tables at one moment. */
  void flush();

  /** Begins a {@link #flush} and returns immediately. */
  void beginFlush();

  /** Copies the tables as of now into a directory that does not exist. */
  void checkpoint(Path target);

  /** Reads all files and compares them with their checksums. */
  void verifyChecksums();

  /** Adapts the size of a level of files to the size of its rows. */
  void fitLevel(Table table);

  /** Returns about how many bytes the rows of a range take, without a read of them. */
  default long estimateBytes(Table table, byte[] start, byte[] end) {
    return 0;
  }

  /** Returns how many bytes of changes wait in memory until they are written to files. */
  default long memoryBytes() {
    return 0;
  }

  /** Returns how many bytes a merge may write before it deletes the files that it replaces. */
  default long mergeBytes() {
    return 0;
  }

  /** Returns about how many rows a table has. */
  default long estimateRows(Table table) {
    return 0;
  }

  /** Returns the work that replaces all files, so that no file contains earlier rows. */
  default Merge fullMerge() {
    return Merge.NONE;
  }

  /**
   * Returns the work that frees the space of deleted rows.
   *
   * @param emptied ranges whose rows were deleted
   * @param search whether to look for other files with many deleted rows
   * @param large whether to write the oldest files with large values anew
   */
  default Merge reclaimingMerge(List<EmptiedRange> emptied, boolean search, boolean large) {
    return Merge.NONE;
  }

  /** Returns the size of the files with large values. */
  default long largeFileBytes() {
    return 0;
  }

  /** Replaces files. One thread runs it, and any thread may cancel it. */
  interface Merge extends AutoCloseable {
    /** Replaces no files. */
    Merge NONE =
        new Merge() {
          @Override
          public void run() {}

          @Override
          public void cancel() {}

          @Override
          public void close() {}
        };

    /** Returns once the files are replaced, or throws if that fails or is cancelled. */
    void run();

    void cancel();

    @Override
    void close();
  }

  /**
   * Returns whether the last write was refused because the disk was full. Tables may refuse all
   * further writes then, until they are opened again.
   */
  default boolean isRefusing() {
    return false;
  }

  /** Returns whether all rows were in files when the tables were closed. */
  boolean isFlushed();

  boolean isClosed();

  /** Returns statistics by name. */
  Map<String, Long> properties();

  @Override
  void close();
}
