/** Bounds that callers share, so that one of them cannot take all. */
@NullMarked
package selvedge.server.share;

import org.jspecify.annotations.NullMarked;
