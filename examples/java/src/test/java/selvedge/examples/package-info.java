/** The examples, run. */
@NullMarked
package selvedge.examples;

import org.jspecify.annotations.NullMarked;
