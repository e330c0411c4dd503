/** A server for the time of a test. */
@NullMarked
package selvedge.junit;

import org.jspecify.annotations.NullMarked;
