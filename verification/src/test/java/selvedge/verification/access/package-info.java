/** Tests of authentication and authorization, with requests over real sockets. */
@NullMarked
package selvedge.verification.access;

import org.jspecify.annotations.NullMarked;
