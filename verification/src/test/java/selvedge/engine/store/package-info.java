/** Targets of fuzzing that see the store from within. */
@NullMarked
package selvedge.engine.store;

import org.jspecify.annotations.NullMarked;
