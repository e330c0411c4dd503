/** Benchmarks of internal parts. */
@NullMarked
package selvedge.benchmarks;

import org.jspecify.annotations.NullMarked;
