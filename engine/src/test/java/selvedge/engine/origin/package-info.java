/** Tests of origins and replicas. */
@NullMarked
package selvedge.engine.origin;

import org.jspecify.annotations.NullMarked;
