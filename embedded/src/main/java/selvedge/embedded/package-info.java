/** An origin or an edge inside a program. */
@NullMarked
package selvedge.embedded;

import org.jspecify.annotations.NullMarked;
