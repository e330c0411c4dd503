/** Edges and their origin in separate processes. */
@NullMarked
package selvedge.verification.edge;

import org.jspecify.annotations.NullMarked;
