/** Who gets in: attacks on the server over real sockets. */
@NullMarked
package selvedge.verification.access;

import org.jspecify.annotations.NullMarked;
