/** Fuzzing of all code that reads input from outside. */
@NullMarked
package selvedge.verification.fuzz;

import org.jspecify.annotations.NullMarked;
