/** Tests of what opens a store and its threads. */
@NullMarked
package selvedge.engine;

import org.jspecify.annotations.NullMarked;
