package selvedge.patterns;

import java.time.Instant;
import selvedge.model.Key;
import selvedge.model.Version;

/**
 * A lock that is held until its lease ends. Immutable.
 *
 * @param key the key of the lock
 * @param owner identifies the holder
 * @param fence the fencing token: it grows from holder to holder, and a guarded resource refuses a
 *     smaller one than it has seen
 * @param version the version of the entry of the lock when the lease was acquired or renewed
 * @param until when the lease ends, by the clock of {@link Locks}; measured before the request, so
 *     that the store does not free the lock earlier while both clocks run equally fast
 */
public record Lease(Key key, String owner, Version fence, Version version, Instant until) {}
