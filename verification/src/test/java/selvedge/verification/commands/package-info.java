/** Tests of the commands. */
@NullMarked
package selvedge.verification.commands;

import org.jspecify.annotations.NullMarked;
