/** The commands that people type. */
@NullMarked
package selvedge.verification.commands;

import org.jspecify.annotations.NullMarked;
