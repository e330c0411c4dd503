/** TLS over real sockets with certificates of a test authority. */
@NullMarked
package selvedge.verification.tls;

import org.jspecify.annotations.NullMarked;
