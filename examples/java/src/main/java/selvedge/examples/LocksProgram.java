package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.patterns.Lease;
import selvedge.patterns.LeaseLostException;
import selvedge.patterns.Locks;

/** Changes an account under a lock. */
final class LocksProgram {
  private LocksProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="locks"
    var locks = new Locks(namespace, "lock/");
    var account = new Locks.Guarded(namespace, Key.of("account"));
    Duration lease = Duration.ofSeconds(30);
    Optional<Boolean> written =
        locks.withLock(
            "job",
            lease,
            Duration.ofSeconds(1),
            (Lease held) -> account.write(held, Bytes.utf8("100")));
    out.println("written: " + written.orElse(false));

    // Without a block: renew the lease, and check it before what must not be done twice.
    Lease held = locks.tryAcquire("job", lease).orElseThrow();
    Lease renewed = locks.renew(held, lease).orElseThrow();
    out.println("until later: " + renewed.until().isAfter(Instant.now()));
    locks.requireHeld(renewed);
    locks.release(renewed);
    try {
      locks.requireHeld(renewed);
    } catch (LeaseLostException e) {
      out.println("lost: " + e.lease().key());
    }
    // @end
  }
}
