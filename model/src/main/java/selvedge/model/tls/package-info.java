/** What TLS connections trust and present: certificates and keys in PEM files. */
@NullMarked
package selvedge.model.tls;

import org.jspecify.annotations.NullMarked;
