/** Fuzzing of everything that reads bytes from outside. */
@NullMarked
package selvedge.verification.fuzz;

import org.jspecify.annotations.NullMarked;
