/** {@code selvedge generate}: completion scripts and manual pages, made from the commands. */
@NullMarked
package selvedge.cli.generate;

import org.jspecify.annotations.NullMarked;
