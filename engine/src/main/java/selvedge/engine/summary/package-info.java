/** Exact counts and positions: the number and size of the entries in ranges of keys. */
@NullMarked
package selvedge.engine.summary;

import org.jspecify.annotations.NullMarked;
