/** The role that orders the writes of a store. */
@NullMarked
package selvedge.engine.origin;

import org.jspecify.annotations.NullMarked;
