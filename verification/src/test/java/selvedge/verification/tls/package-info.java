/** TLS over real sockets, with certificates that the tests make. */
@NullMarked
package selvedge.verification.tls;

import org.jspecify.annotations.NullMarked;
