/** The network side of an edge: follows its origin, and forwards what an edge must not answer. */
@NullMarked
package selvedge.server.edge;

import org.jspecify.annotations.NullMarked;
