/** The one place that orders writes. */
@NullMarked
package selvedge.engine.origin;

import org.jspecify.annotations.NullMarked;
