/** Tests of stores inside a program. */
@NullMarked
package selvedge.embedded;

import org.jspecify.annotations.NullMarked;
