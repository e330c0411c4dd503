package selvedge.engine.namespace;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import selvedge.model.StorageFullException;

/** Whether the disk has room for puts. Any thread may ask; what one has found holds for all. */
public final class DiskSpace {
  /** So long there is enough where there was enough: no disk writes the usual reserve in it. */
  private static final Duration TRUSTED = Duration.ofMillis(100);

  private final LongSupplier free;
  private final long reserve;
  private volatile Instant found = Instant.MIN;

  /**
   * @param free how many bytes of disk are
   * @param reserve free disk below which nothing is put
   */
  public DiskSpace(LongSupplier free, long reserve) {
    this.free = free;
    this.reserve = reserve;
  }

  /** For a put that is a row among others: the disk is asked a few times a second. */
  void require(Instant now) {
    Instant last = found;
    if (now.isBefore(last) || !now.isBefore(last.plus(TRUSTED))) {
      requireNow(now);
    }
  }

  /** For a chunk of a large value, many of which are written in no time: the disk is asked. */
  public void requireNow(Instant now) {
    if (free.getAsLong() < reserve) {
      found = Instant.MIN;
      throw new StorageFullException(
          "less than " + reserve + " bytes of disk are free: delete something or add space");
    }
    found = now;
  }
}
