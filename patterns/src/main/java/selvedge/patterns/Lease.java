package selvedge.patterns;

import selvedge.model.Key;
import selvedge.model.Version;

/**
 * A lock that is held, until it runs out.
 *
 * @param fence grows from holder to holder; whatever is guarded refuses a smaller one than it has
 *     seen
 * @param version of the entry, as the holder has left it
 */
public record Lease(Key key, String owner, Version fence, Version version) {}
