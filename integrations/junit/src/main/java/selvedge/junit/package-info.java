/** A server for tests. */
@NullMarked
package selvedge.junit;

import org.jspecify.annotations.NullMarked;
