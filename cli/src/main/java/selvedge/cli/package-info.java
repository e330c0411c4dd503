/** The selvedge command. */
@NullMarked
package selvedge.cli;

import org.jspecify.annotations.NullMarked;
