/** A store in its role of an origin or a replica, with its threads. */
@NullMarked
package selvedge.engine;

import org.jspecify.annotations.NullMarked;
