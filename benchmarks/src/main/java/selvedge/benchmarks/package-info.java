/** Measurements of the inner parts, one question each. */
@NullMarked
package selvedge.benchmarks;

import org.jspecify.annotations.NullMarked;
