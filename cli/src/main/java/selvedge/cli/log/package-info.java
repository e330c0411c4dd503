/** Logging to standard error, one line per event. */
@NullMarked
package selvedge.cli.log;

import org.jspecify.annotations.NullMarked;
