/** Runs the examples. */
@NullMarked
package selvedge.examples;

import org.jspecify.annotations.NullMarked;
