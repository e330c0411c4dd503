package selvedge.patterns;

import selvedge.model.SelvedgeException;

/** A lease ended while its holder needed it, so another process may hold the lock. */
public final class LeaseLostException extends SelvedgeException {
  private final transient Lease lease;

  LeaseLostException(Lease lease) {
    super(
        Remedy.CALLER,
        "the lock \"%s\" was lost: its lease ended at %s; use a longer lease or renew it"
            .formatted(lease.key(), lease.until()));
    this.lease = lease;
  }

  /**
   * Returns the lease that was lost.
   *
   * @return the lease as it was acquired or renewed last
   */
  public Lease lease() {
    return lease;
  }
}
