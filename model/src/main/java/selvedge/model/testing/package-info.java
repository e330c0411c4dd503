/**
 * Fakes for the tests of programs: namespaces in memory, an edge that lags behind, and a clock that
 * the test sets.
 */
@NullMarked
package selvedge.model.testing;

import org.jspecify.annotations.NullMarked;
