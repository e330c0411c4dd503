package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import selvedge.model.StorageFullException;

/**
 * Checks that the disk has space for puts. Safe for use by many threads, which share the result of
 * the last check.
 */
public final class DiskSpace {
  /** How long a check is valid. In this time no disk can write as much as the usual reserve. */
  private static final Duration VALIDITY = Duration.ofMillis(100);

  /** Puts resume when this part of the reserve is free in addition, so that they do not flap. */
  private static final int MARGIN = 8;

  private final LongSupplier free;
  private final long reserve;
  private volatile Instant lastSuccess = Instant.MIN;
  private volatile boolean full;

  /**
   * @param free returns the room on the disk, in bytes
   * @param reserve the free bytes below which a put is refused
   */
  public DiskSpace(LongSupplier free, long reserve) {
    this.free = free;
    this.reserve = reserve;
  }

  /** Throws if there is no space for a small put. Checks the disk a few times a second at most. */
  void require(Instant now) {
    Instant last = lastSuccess;
    if (now.isBefore(last) || !now.isBefore(last.plus(VALIDITY))) {
      requireNow(now);
    }
  }

  /**
   * Throws if there is no space for a chunk of a large value. Checks the disk each time, because
   * many chunks are written in a short time.
   */
  public void requireNow(Instant now) {
    if (isFull()) {
      lastSuccess = Instant.MIN;
      throw new StorageFullException(
          "the disk has room for less than " + reserve + " bytes: delete something or add space");
    }
    lastSuccess = now;
  }

  /** Reads the free space of the disk, and returns whether it is too small for puts. */
  public boolean isFull() {
    full = free.getAsLong() < (full ? reserve + reserve / MARGIN : reserve);
    return full;
  }
}
