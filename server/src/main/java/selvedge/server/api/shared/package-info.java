/**
 * What the protocols share: freshness, ranges, spools, bulk get, cursors, and writes of one key.
 */
@NullMarked
package selvedge.server.api.shared;

import org.jspecify.annotations.NullMarked;
