/** Edges and their origin, as processes of their own. */
@NullMarked
package selvedge.verification.edge;

import org.jspecify.annotations.NullMarked;
