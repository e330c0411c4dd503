/** Counters, and their one page of text. */
@NullMarked
package selvedge.server.metrics;

import org.jspecify.annotations.NullMarked;
