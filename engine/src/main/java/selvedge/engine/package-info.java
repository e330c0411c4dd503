/** A store with whoever keeps it, running. */
@NullMarked
package selvedge.engine;

import org.jspecify.annotations.NullMarked;
