/** The real server as a process of its own, and small clients to talk to it. */
@NullMarked
package selvedge.verification.process;

import org.jspecify.annotations.NullMarked;
