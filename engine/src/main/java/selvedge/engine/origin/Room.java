package selvedge.engine.origin;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import selvedge.model.StorageFullException;

/** Whether the disk has room for puts. Belongs to the writer. */
final class Room {
  /** So long there is enough where there was enough: no disk writes the usual reserve in it. */
  private static final Duration TRUSTED = Duration.ofMillis(100);

  private final LongSupplier free;
  private final long reserve;
  private Instant found = Instant.MIN;

  /**
   * @param free how many bytes of disk are
   * @param reserve free disk below which nothing is put
   */
  Room(LongSupplier free, long reserve) {
    this.free = free;
    this.reserve = reserve;
  }

  void require(Instant now) {
    if (now.isBefore(found) || !now.isBefore(found.plus(TRUSTED))) {
      if (free.getAsLong() < reserve) {
        throw new StorageFullException(
            "less than " + reserve + " bytes of disk are free: delete something or add space");
      }
      found = now;
    }
  }
}
