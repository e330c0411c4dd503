/** The server in a separate process, and small clients for it. */
@NullMarked
package selvedge.verification.process;

import org.jspecify.annotations.NullMarked;
