package selvedge.server.api.shared;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;
import selvedge.model.StorageFullException;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Shares;

/** A directory for bodies that must arrive completely. Safe for use by many threads. */
public final class Spools {
  private final Path directory;
  private final LongSupplier freeBytes;
  private final long reserveBytes;
  private final Shares shares;
  private final boolean encrypted;

  /** Describes a directory whose files are not encrypted. */
  public Spools(Path directory, LongSupplier freeBytes, Limits limits) {
    this(directory, freeBytes, limits, false);
  }

  /**
   * @param freeBytes how many bytes the disk of the directory has free
   * @param encrypted whether files are encrypted
   */
  public Spools(Path directory, LongSupplier freeBytes, Limits limits, boolean encrypted) {
    this.directory = directory;
    this.freeBytes = freeBytes;
    this.reserveBytes = limits.get(Limit.DISK_RESERVE_BYTES);
    this.encrypted = encrypted;
    this.shares = new Shares(limits.get(Limit.SPOOL_BYTES), Spool.STEP_BYTES);
  }

  public Path directory() {
    return directory;
  }

  /** Returns whether files are encrypted. */
  boolean areEncrypted() {
    return encrypted;
  }

  public Spool open(Owner owner) {
    return new Spool(this, owner);
  }

  /**
   * Takes space on the disk.
   *
   * @throws selvedge.model.OverloadedException if other bodies take it
   * @throws selvedge.model.StorageFullException if the disk is full
   */
  public void take(Owner owner, long bytes) {
    if (freeBytes.getAsLong() - bytes < reserveBytes) {
      throw new StorageFullException(
          "less than " + reserveBytes + " bytes of disk are free: delete something or add space");
    }
    if (!shares.tryTake(owner, bytes)) {
      throw new OverloadedException("the room for bodies on the disk is in use");
    }
  }

  public void give(Owner owner, long bytes) {
    shares.give(owner, bytes);
  }
}
