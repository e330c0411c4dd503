package selvedge.engine.store.rocks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import selvedge.engine.work.Threads;
import selvedge.model.SelvedgeException;

/**
 * Merges the files that have deleted rows, on a thread of its own, so that their space is free
 * soon. RocksDB alone merges them only after many new writes. Confined to the writer.
 */
final class Reclaiming implements AutoCloseable {
  /** The time between two merges while the disk has little space. */
  private static final Duration PAUSE = Duration.ofSeconds(3);

  /** The least number of deletes that is worth a merge, if they are half of the rows. */
  private static final long DELETES_MIN = 50_000;

  /** The least size of freed large values that is worth a merge. */
  private static final long FREED_BYTES_MIN = 32 << 20;

  /**
   * A merge writes this part of the files with large values anew, the oldest, when values were
   * freed that are a third of it. So all files are written anew while a third of their bytes are
   * freed, and the files are at most half larger than the values.
   */
  static final double LARGE_PART = 0.25;

  private static final double FREED_PART = LARGE_PART / 3;

  private static final Duration UNTIL_CLOSED = Duration.ofDays(365);

  private final Tables rocks;
  private final Threads threads;
  private final DamagedTable damaged;
  private List<EmptiedRange> emptied = new ArrayList<>();
  private long deletes;
  private long freedBytes;
  private Instant ended = Instant.MIN;
  private @Nullable Merging merging;

  Reclaiming(Tables rocks, Threads threads, DamagedTable damaged) {
    this.rocks = rocks;
    this.threads = threads;
    this.damaged = damaged;
  }

  /** Records that all entries in the range were deleted. */
  void emptied(byte[] start, byte[] end) {
    emptied.add(new EmptiedRange(start, end));
  }

  /** Records that an entry was deleted. */
  void deleted() {
    deletes++;
  }

  /** Records that large values were freed. */
  void freed(long bytes) {
    freedBytes += bytes;
  }

  /**
   * Begins a merge if one is due and none is running.
   *
   * @param low whether the disk has little space
   * @param freeBytes the free space of the disk
   */
  void step(boolean low, long freeBytes, Instant now) {
    Merging running = merging;
    if (running != null) {
      if (running.done) {
        running.close();
        merging = null;
        ended = now;
      }
      return;
    }
    boolean many = isManyDeletes();
    boolean search = many || (low && !now.isBefore(ended.plus(PAUSE)));
    boolean large = !low && isMuchFreed(freeBytes);
    if (damaged.damage().isEmpty() && (search || large || !emptied.isEmpty())) {
      List<EmptiedRange> ranges = emptied;
      emptied = new ArrayList<>();
      deletes = search ? 0 : deletes;
      freedBytes = large ? 0 : freedBytes;
      merging = new Merging(rocks.reclaimingMerge(ranges, search, large));
    }
  }

  private boolean isManyDeletes() {
    return deletes >= DELETES_MIN && deletes >= rocks.estimateRows(Table.INDEX) / 2;
  }

  /** The merge needs space for the new files before the old ones are deleted. */
  private boolean isMuchFreed(long freeBytes) {
    if (freedBytes < FREED_BYTES_MIN) {
      return false;
    }
    long all = rocks.largeFileBytes();
    return freedBytes >= all * FREED_PART && freeBytes > 2 * LARGE_PART * all;
  }

  /** Cancels the merge. */
  @Override
  public void close() {
    Merging running = merging;
    merging = null;
    if (running != null) {
      running.close();
    }
  }

  /** A merge on a thread of its own. */
  private final class Merging implements AutoCloseable {
    private final Tables.Merge merge;
    private final Threads.Running thread;
    private boolean begun;
    private volatile boolean done;

    Merging(Tables.Merge merge) {
      this.merge = merge;
      this.thread = threads.start("selvedge-reclaim", this::step);
    }

    /** A failed merge is not repeated: the next one that is due includes its files. */
    private Duration step() {
      if (!begun) {
        begun = true;
        try {
          merge.run();
        } catch (SelvedgeException _) {
          // After a failure, RocksDB refuses later writes, and these report the reason.
        } finally {
          done = true;
        }
      }
      return UNTIL_CLOSED;
    }

    @Override
    public void close() {
      merge.cancel();
      thread.close();
      merge.close();
    }
  }
}
