/** Certificates and keys that are read again while the server runs. */
@NullMarked
package selvedge.server.tls;

import org.jspecify.annotations.NullMarked;
