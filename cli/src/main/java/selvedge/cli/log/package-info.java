/** One line of text for each event, on standard error. */
@NullMarked
package selvedge.cli.log;

import org.jspecify.annotations.NullMarked;
