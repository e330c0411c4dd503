/** The replica of an edge: follows the feed of the origin and answers reads from its own store. */
@NullMarked
package selvedge.engine.edge;

import org.jspecify.annotations.NullMarked;
