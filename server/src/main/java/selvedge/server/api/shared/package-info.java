/** What the protocols have in common: freshness, ranges, JSON, spools and queued writes. */
@NullMarked
package selvedge.server.api.shared;

import org.jspecify.annotations.NullMarked;
