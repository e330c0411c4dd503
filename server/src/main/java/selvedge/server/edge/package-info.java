/** An edge's side of the network: it follows its origin, and hands it what is not for a replica. */
@NullMarked
package selvedge.server.edge;

import org.jspecify.annotations.NullMarked;
