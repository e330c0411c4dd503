/** Tests of the frames. */
@NullMarked
package selvedge.model.wire;

import org.jspecify.annotations.NullMarked;
